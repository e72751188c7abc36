/**
 * The one hidden corridor of the kernels: a gradient finds its destination by a global map. While a training step is under way
 * (`openDestinations` .. `closeDestinations`, called by `model/arena.ts`), a kernel that computes a parameter's gradient, or
 * the statistics of the map that it scales, writes into the arena instead of a fresh tensor. Neither the kernel's arguments nor
 * the tape show it: tfjs hands a gradient to whoever asked, and has no way to say where it shall lie. The gain is an optimizer
 * step of one dispatch, without copying gradients together. Outside a step, and for other parameters, kernels allocate as usual.
 */
import type * as tf from '@tensorflow/tfjs-core'

type Role = 'gradient' | 'mean' | 'variance'

/** Places by role. A place is free until a kernel has taken it in this step. */
type Places = Partial<Record<Role, { tensor: tf.Tensor; isFree: boolean }>>

/** Keyed by the data of the parameter, which its clones on the tape share. */
const placesOf = new WeakMap<object, Places>()

/** Says where a parameter's results go between `openDestinations` and `closeDestinations`. */
export function setDestinations(parameter: tf.Tensor, destinations: Partial<Record<Role, tf.Tensor>>): void {
  const places = placesOf.get(parameter.dataId) ?? {}
  for (const [role, tensor] of Object.entries(destinations)) places[role as Role] = { tensor, isFree: false }
  placesOf.set(parameter.dataId, places)
}

/** From now on each place is given away once: a second result about the same parameter gets a tensor of its own. */
export function openDestinations(parameters: Iterable<tf.Tensor>): void {
  setFree(parameters, true)
}

export function closeDestinations(parameters: Iterable<tf.Tensor>): void {
  setFree(parameters, false)
}

function setFree(parameters: Iterable<tf.Tensor>, isFree: boolean): void {
  for (const { dataId } of parameters) {
    for (const place of Object.values(placesOf.get(dataId) ?? {})) place.isFree = isFree
  }
}

/** The output for the gradient of `parameter`: uninitialised, float32, to be returned by the kernel as any other output. */
export function gradientOutput(
  backend: tf.KernelBackend,
  parameter: tf.TensorInfo | undefined,
  shape: number[],
): tf.TensorInfo {
  return outputFor(backend, parameter, 'gradient', shape)
}

/** The output for the mean or variance [C] of the map that `gamma` scales. */
export function statisticsOutput(
  backend: tf.KernelBackend,
  gamma: tf.TensorInfo,
  role: 'mean' | 'variance',
): tf.TensorInfo {
  return outputFor(backend, gamma, role, gamma.shape)
}

/** A gradient kernel that is called on its own may leave the parameter out. */
function outputFor(
  backend: tf.KernelBackend,
  parameter: tf.TensorInfo | undefined,
  role: Role,
  shape: number[],
): tf.TensorInfo {
  const place = parameter && placesOf.get(parameter.dataId)?.[role]
  if (!place?.isFree) return { dataId: backend.write(null as never, shape, 'float32'), shape, dtype: 'float32' }
  place.isFree = false
  // The kernel's result is one more owner of the place's data.
  backend.incRef(place.tensor.dataId)
  return { dataId: place.tensor.dataId, shape, dtype: 'float32' }
}
