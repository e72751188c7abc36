import { hash32, hashWords } from '../../math/random'

export interface DropoutOptions {
  /** Share of the elements that become zero, 0 <= rate < 1. */
  rate: number
  /** Unsigned 32-bit key of the run. */
  seed: number
  /** Which dropout of the network. */
  layer: number
  /** Item n of the batch uses pass `firstPass + n`. */
  firstPass: number
  /** One decision per channel instead of per element. */
  channelwise?: boolean
}

/** An element is kept iff its hash reaches this unsigned 32-bit threshold. */
export function dropThreshold(rate: number): number {
  return Math.floor(rate * 4294967296)
}

/**
 * Drops elements by a counter-based hash of (seed, layer, pass, element).
 * @param x [items, ..., channels]
 */
export function dropoutReference(
  x: Float32Array,
  items: number,
  channels: number,
  options: DropoutOptions,
): Float32Array {
  const itemSize = x.length / items
  const threshold = dropThreshold(options.rate)
  const scale = 1 / (1 - options.rate)
  return x.map((value, i) => {
    const key = hashWords(options.seed, options.layer, options.firstPass + Math.floor(i / itemSize))
    const element = options.channelwise ? i % channels : i % itemSize
    return hash32((key ^ element) >>> 0) >= threshold ? value * scale : 0
  })
}
