/** The network's numbers on the device: parameters, running statistics and momenta; initialised, loaded and saved. */
import * as tf from '@tensorflow/tfjs'
import { randomStream } from '../math/random'
import { AppError } from '../rpc/errors'
import { publishedShape, toDevice, toPublished } from './layout'
import { type Network, type ParameterSpec, parameterSpecs } from './network'
import type { NamedArrays } from './safetensors'

export interface RunningStatistics {
  mean: tf.Variable<tf.Rank.R1>
  variance: tf.Variable<tf.Rank.R1>
}

export interface Parameters {
  specs: ParameterSpec[]
  values: Map<string, tf.Variable>
  /** SGD momenta, same keys as `values`. */
  velocities: Map<string, tf.Variable>
  /** Keyed by the norm's name. */
  running: Map<string, RunningStatistics>
}

/** Kaiming-normal filters, BN at identity, PyTorch's default for fully connected layers; a pure function of the seed. */
export function initialParameters(network: Network, seed: number): Parameters {
  const specs = parameterSpecs(network)
  const values = new Map<string, tf.Variable>()
  const velocities = new Map<string, tf.Variable>()
  specs.forEach((spec, i) => {
    values.set(spec.name, variable(initialValues(spec, seed, i), spec.shape))
    velocities.set(spec.name, variable(new Float32Array(elements(spec.shape)), spec.shape))
  })
  const running = new Map<string, RunningStatistics>()
  for (const { norm, outChannels } of network.convBnLayers) {
    running.set(norm, {
      mean: variable(new Float32Array(outChannels), [outChannels]) as tf.Variable<tf.Rank.R1>,
      variance: variable(new Float32Array(outChannels).fill(1), [outChannels]) as tf.Variable<tf.Rank.R1>,
    })
  }
  return { specs, values, velocities, running }
}

function initialValues(spec: ParameterSpec, seed: number, index: number): Float32Array {
  const count = elements(spec.shape)
  const stream = randomStream(seed, 'initial-parameters', index)
  if (spec.kind === 'scale') return new Float32Array(count).fill(1)
  if (spec.kind === 'bias') return new Float32Array(count)
  if (spec.kind === 'dense' || spec.kind === 'dense-bias') {
    const bound = 1 / Math.sqrt(spec.fanIn)
    return Float32Array.from({ length: count }, () => (2 * stream.next() - 1) * bound)
  }
  const deviation = Math.sqrt(2 / spec.fanIn)
  return Float32Array.from({ length: count }, () => stream.normal() * deviation)
}

export function disposeParameters(parameters: Parameters): void {
  for (const v of [...parameters.values.values(), ...parameters.velocities.values()]) v.dispose()
  for (const { mean, variance } of parameters.running.values()) tf.dispose([mean, variance])
}

/**
 * Copies published encoder weights (or a whole saved network) into the parameters. Arrays of the file that the network does
 * not have (`features.18`, a classifier) are ignored.
 * @throws AppError 'bad_file' when the encoder is incomplete or a shape does not fit, naming both shapes.
 */
export function loadWeights(parameters: Parameters, arrays: NamedArrays, fileName: string): void {
  for (const spec of parameters.specs) {
    const published = arrays.get(spec.name)
    if (!published) {
      if (spec.group !== 'encoder') continue
      throw new AppError(
        'bad_file',
        `The weights file "${fileName}" has no tensor "${spec.name}".`,
        'Choose MobileNetV2 weights with torchvision-like names (features.0.0.weight ...).',
      )
    }
    assign(parameters.values.get(spec.name), spec.kind, spec.shape, published, spec.name, fileName)
  }
  for (const [norm, { mean, variance }] of parameters.running) {
    for (const [suffix, target] of [
      ['running_mean', mean],
      ['running_var', variance],
    ] as const) {
      const published = arrays.get(`${norm}.${suffix}`)
      if (published) assign(target, 'scale', target.shape, published, `${norm}.${suffix}`, fileName)
    }
  }
}

/** Momenta saved by `exportArrays`; missing ones stay zero. */
export function loadVelocities(parameters: Parameters, arrays: NamedArrays): void {
  for (const spec of parameters.specs) {
    const saved = arrays.get(`momentum.${spec.name}`)
    if (saved) assign(parameters.velocities.get(spec.name), spec.kind, spec.shape, saved, spec.name, 'checkpoint')
  }
}

function assign(
  target: tf.Variable | undefined,
  kind: ParameterSpec['kind'],
  shape: number[],
  published: { shape: number[]; values: Float32Array },
  name: string,
  fileName: string,
): void {
  const expected = publishedShape(kind, shape)
  if (expected.join() !== published.shape.join()) {
    throw new AppError(
      'bad_file',
      `The weights file "${fileName}" has "${name}" of shape [${published.shape}], but this network needs [${expected}].`,
      'Choose weights of the same width, or change the preset.',
    )
  }
  tf.tidy(() => target?.assign(tf.tensor(toDevice(kind, shape, published.values), shape)))
}

/** Everything as named arrays in published layout; momenta under `momentum.<name>`. Reads the device once per array. */
export async function exportArrays(parameters: Parameters): Promise<NamedArrays> {
  const arrays: NamedArrays = new Map()
  for (const spec of parameters.specs) {
    arrays.set(spec.name, toPublished(spec.kind, spec.shape, await read(parameters.values.get(spec.name))))
    arrays.set(
      `momentum.${spec.name}`,
      toPublished(spec.kind, spec.shape, await read(parameters.velocities.get(spec.name))),
    )
  }
  for (const [norm, { mean, variance }] of parameters.running) {
    arrays.set(`${norm}.running_mean`, { shape: mean.shape, values: await read(mean) })
    arrays.set(`${norm}.running_var`, { shape: variance.shape, values: await read(variance) })
  }
  return arrays
}

async function read(tensor: tf.Tensor | undefined): Promise<Float32Array> {
  return (await tensor?.data()) as Float32Array
}

function variable(values: Float32Array, shape: number[]): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values, shape)))
}

function elements(shape: number[]): number {
  return shape.reduce((product, n) => product * n, 1)
}
