/** Parameters, images and labels that the scripts in tests/golden make as well: pure functions of names. */
import { hash32, hashString, hashWords } from '../../src/math/random'
import { type Network, type ParameterSpec, parameterSpecs } from '../../src/model/network'
import { initialParameters, loadWeights, type Parameters } from '../../src/model/parameters'
import { publishedShape } from '../../src/weights/layout'
import type { NamedArrays } from '../../src/weights/safetensors'

/** `count` numbers in [-1, 1), keyed by a name. */
export function uniform(name: string, count: number): Float32Array<ArrayBuffer> {
  const key = hashWords(hashString(name))
  return Float32Array.from({ length: count }, (_, i) => hash32((key ^ i) >>> 0) / 2147483648 - 1)
}

function boundOf({ kind, fanIn }: ParameterSpec): number {
  if (kind === 'filter' || kind === 'depthwise-filter') return Math.sqrt(6 / fanIn)
  if (kind === 'dense') return 1 / Math.sqrt(fanIn)
  return kind === 'scale' ? 0.2 : 0.1
}

interface Wanted {
  /** Running statistics of their own; the initial ones unless told. */
  running?: boolean
  /** Share that averages of them keep in a step; none unless told. */
  averaging?: number | null
}

/** Kaiming-uniform filters and everything else near its usual start. */
export function goldenParameters(network: Network, { running = false, averaging = null }: Wanted = {}): Parameters {
  const parameters = initialParameters(network, 0, averaging)
  const arrays: NamedArrays = new Map()
  const add = (name: string, shape: number[], bound: number, offset: number) => {
    const count = shape.reduce((a, b) => a * b, 1)
    arrays.set(name, { shape, values: uniform(name, count).map((u) => u * bound + offset) })
  }
  for (const spec of parameterSpecs(network)) {
    add(spec.name, publishedShape(spec.kind, spec.shape), boundOf(spec), spec.kind === 'scale' ? 1 : 0)
  }
  for (const { norm, outChannels } of running ? network.convBnLayers : []) {
    add(`${norm}.running_mean`, [outChannels], 0.1, 0)
    add(`${norm}.running_var`, [outChannels], 0.5, 1)
  }
  loadWeights(parameters, arrays, 'golden')
  return parameters
}

export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0))
}
