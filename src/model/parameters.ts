/** The network's numbers on the device: parameters, running statistics and momenta; initialised, loaded and saved. */
import * as tf from '@tensorflow/tfjs-core'
import { AppError } from '../domain/errors'
import { type Block, readBlock, writePart } from '../kernels/arena/block'
import { setDestinations } from '../kernels/arena/destinations'
import { type RandomStream, randomStream } from '../math/random'
import { AVERAGE, MOMENTUM } from '../weights/checkpoint-names'
import { publishedShape, toDevice, toPublished } from '../weights/layout'
import type { NamedArrays } from '../weights/safetensors'
import { Arena } from './arena'
import { Averages } from './averages'
import { type Network, type ParameterSpec, parameterSpecs } from './network'

export interface RunningStatistics {
  mean: tf.Tensor1D
  variance: tf.Tensor1D
}

/** The numbers that a network infers with, by name. */
export interface Weights {
  values: ReadonlyMap<string, tf.Tensor>
  /** By the norm's name. */
  running: ReadonlyMap<string, RunningStatistics>
}

export interface Parameters {
  specs: ParameterSpec[]
  /** Holds all numbers, in the order of `specs` and of the network's normalisations. */
  arena: Arena
  /** Views of the arena: operands of the network, read and written through the arena. */
  values: Map<string, tf.Variable>
  /** Views of the arena, keyed by the norm's name. */
  running: Map<string, RunningStatistics>
  /** Their averages over a round's steps, where the run has any. */
  averages: Averages | null
}

/**
 * Kaiming-normal filters, BN at identity, PyTorch's default for fully connected layers; a pure function of the seed.
 * @param averaging share that averages over a round's steps keep in a step; null: there are none
 */
export function initialParameters(network: Network, seed: number, averaging: number | null = null): Parameters {
  const specs = parameterSpecs(network)
  const norms = network.convBnLayers.map(({ norm }) => norm)
  const arena = new Arena({
    parameters: specs.map((spec, i) => ({
      shape: spec.shape,
      values: initialValues(spec, randomStream(seed, 'initial-parameters', i)),
    })),
    channels: network.convBnLayers.map(({ outChannels }) => outChannels),
  })
  const averages = averaging === null ? null : new Averages(arena, averaging)
  return { specs, arena, ...viewsOf(arena, specs, norms), averages }
}

/** What the network is measured by, and asks with: the averages where there are any. They change with every step. */
export function inferenceWeights({ specs, values, running, averages }: Parameters): Weights {
  if (!averages) return { values, running }
  const statistics = [...running.keys()].map((norm, i): [string, RunningStatistics] => {
    const [mean, variance] = averages.running.parts.slice(2 * i, 2 * i + 2) as tf.Tensor1D[]
    return [norm, { mean, variance }]
  })
  return { values: new Map(specs.map(({ name }, i) => [name, averages.values.parts[i]])), running: new Map(statistics) }
}

/** The arena's parts by name: its parameters in the order of `specs`, its running statistics in that of `norms`. */
export function viewsOf(
  arena: Arena,
  specs: readonly { name: string }[],
  norms: readonly string[],
): Pick<Parameters, 'values' | 'running'> {
  const values = new Map<string, tf.Variable>()
  specs.forEach(({ name }, i) => {
    const value = tf.variable(arena.values.parts[i])
    values.set(name, value)
    setDestinations(value, { gradient: arena.gradients.parts[i] })
  })
  const running = new Map<string, RunningStatistics>()
  norms.forEach((norm, i) => {
    const [mean, variance] = arena.running.parts.slice(2 * i, 2 * i + 2) as tf.Tensor1D[]
    running.set(norm, { mean, variance })
    const [batchMean, batchVariance] = arena.statistics.parts.slice(2 * i, 2 * i + 2)
    setDestinations(values.get(`${norm}.weight`) as tf.Tensor, { mean: batchMean, variance: batchVariance })
  })
  return { values, running }
}

/** Numbers that a parameter starts from. */
export function initialValues(
  spec: Pick<ParameterSpec, 'shape' | 'kind' | 'fanIn'>,
  stream: RandomStream,
): Float32Array {
  const count = tf.util.sizeFromShape(spec.shape)
  if (spec.kind === 'scale') return new Float32Array(count).fill(1)
  if (spec.kind === 'bias') return new Float32Array(count)
  if (spec.kind === 'dense' || spec.kind === 'dense-bias') {
    const bound = 1 / Math.sqrt(spec.fanIn)
    return Float32Array.from({ length: count }, () => (2 * stream.next() - 1) * bound)
  }
  const deviation = Math.sqrt(2 / spec.fanIn)
  return Float32Array.from({ length: count }, () => stream.normal() * deviation)
}

export function disposeParameters(
  parameters: Pick<Parameters, 'values' | 'arena'> & Partial<Pick<Parameters, 'averages'>>,
): void {
  for (const value of parameters.values.values()) value.dispose()
  parameters.averages?.dispose()
  parameters.arena.dispose()
}

/**
 * Copies published encoder weights (or a whole saved network) into the parameters. Arrays of the file that the network
 * does not have (`features.18`, a classifier) are ignored. Averages begin anew, from them.
 * @throws AppError 'bad_file' when the encoder is incomplete or a shape does not fit, naming both shapes.
 */
export function loadWeights(parameters: Parameters, arrays: NamedArrays, fileName: string): void {
  const { values, running } = parameters.arena
  parameters.specs.forEach((spec, i) => {
    const published = arrays.get(spec.name)
    if (!published) {
      if (spec.group !== 'encoder') return
      throw new AppError(
        'bad_file',
        `The weights file "${fileName}" has no tensor "${spec.name}".`,
        'Choose complete weights of the encoder of this run.',
      )
    }
    assign(values, i, spec, published, fileName)
  })
  runningNames(parameters).forEach((name, i) => {
    const published = arrays.get(name)
    if (published) assign(running, i, { name, kind: 'scale', shape: running.parts[i].shape }, published, fileName)
  })
  parameters.averages?.restart()
}

/** Names of the parts of the arena's running statistics. */
function runningNames(parameters: Parameters): string[] {
  return [...parameters.running.keys()].flatMap((norm) => [`${norm}.running_mean`, `${norm}.running_var`])
}

/** Momenta and averages saved by `exportArrays`, after `loadWeights`; missing momenta stay zero, missing averages as they are. */
export function loadTraining(parameters: Parameters, arrays: NamedArrays): void {
  const { arena, averages } = parameters
  const load = (block: Block, index: number, spec: Pick<ParameterSpec, 'name' | 'kind' | 'shape'>, prefix: string) => {
    const saved = arrays.get(`${prefix}${spec.name}`)
    if (saved) assign(block, index, spec, saved, 'checkpoint')
  }
  parameters.specs.forEach((spec, i) => {
    load(arena.velocities, i, spec, MOMENTUM)
    if (averages) load(averages.values, i, spec, AVERAGE)
  })
  if (!averages) return
  runningNames(parameters).forEach((name, i) => {
    load(averages.running, i, { name, kind: 'scale', shape: averages.running.parts[i].shape }, AVERAGE)
  })
}

function assign(
  block: Block,
  index: number,
  { name, kind, shape }: Pick<ParameterSpec, 'name' | 'kind' | 'shape'>,
  published: { shape: number[]; values: Float32Array },
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
  tf.tidy(() => writePart(block, index, tf.tensor(toDevice(kind, shape, published.values), shape)))
}

/**
 * Everything as named arrays in published layout; momenta under `momentum.<name>`, averages under `average.<name>`. Three reads of
 * the device, and two of averages.
 */
export async function exportArrays(parameters: Parameters): Promise<NamedArrays> {
  const { arena, averages, specs } = parameters
  const values = await readBlock(arena.values)
  const velocities = await readBlock(arena.velocities)
  const running = await readBlock(arena.running)
  const arrays: NamedArrays = new Map()
  specs.forEach(({ name, kind, shape }, i) => {
    arrays.set(name, toPublished(kind, shape, values[i]))
    arrays.set(`${MOMENTUM}${name}`, toPublished(kind, shape, velocities[i]))
  })
  runningNames(parameters).forEach((name, i) => {
    arrays.set(name, { shape: [running[i].length], values: running[i] })
  })
  if (!averages) return arrays
  const averaged = { values: await readBlock(averages.values), running: await readBlock(averages.running) }
  specs.forEach(({ name, kind, shape }, i) => {
    arrays.set(`${AVERAGE}${name}`, toPublished(kind, shape, averaged.values[i]))
  })
  runningNames(parameters).forEach((name, i) => {
    arrays.set(`${AVERAGE}${name}`, { shape: [averaged.running[i].length], values: averaged.running[i] })
  })
  return arrays
}
