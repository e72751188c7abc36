/**
 * Label noise (paper, Fig. 7): the masks from which the oracle answers, with a share of wrong labels. Which labels are
 * wrong, and how, is a function of seed, image, and pixel or segment alone: all methods meet the same noise, whatever
 * they ask about and in whatever order, and what is wrong at a small share is wrong in the same way at a larger one.
 */
import type { NoiseConfig } from '../domain/config'
import { IGNORE } from '../domain/labels'
import type { Size } from '../domain/size'
import { randomMap } from '../math/random'

const WORDS = 2 ** 32

/**
 * A mask with wrong labels in it. Every pixel, or every segment as a whole, is chosen with probability `share`; so the
 * pixels of chosen segments are near that share over many images, not in each. Void is never chosen.
 *
 * `symmetric` makes class c into C-1-c: the middle one of an odd number of classes stays what it is, and is then not
 * wrong. `missing` makes it 255. `random` draws one of the other classes, each as likely.
 * @param truth H*W class ids below `classCount`, 255 = void; not changed
 * @param imageOrder the image's position in the project, which is the same on every machine
 */
export function withNoise(
  truth: Uint8Array,
  size: Size,
  classCount: number,
  noise: NoiseConfig,
  seed: number,
  imageOrder: number,
): Uint8Array {
  const choice = randomMap(seed, 'label-noise', imageOrder)
  const kinds = randomMap(seed, 'label-noise-kind', imageOrder)
  const others = randomMap(seed, 'label-noise-class', imageOrder)
  const other = (id: number, unit: number) =>
    (id + 1 + Math.floor((others(unit) / WORDS) * (classCount - 1))) % classCount
  const wrong = (id: number, unit: number): number => {
    const kind = noise.kind === 'mixed' ? mixedKind(kinds(unit)) : noise.kind
    if (kind === 'symmetric') return classCount - 1 - id
    return kind === 'missing' ? IGNORE : other(id, unit)
  }
  const units = noise.unit === 'segment' ? segmentsOf(truth, size) : null
  const chosenBelow = noise.share * WORDS
  return truth.map((id, i) => {
    const unit = units ? units[i] : i
    return id === IGNORE || choice(unit) >= chosenBelow ? id : wrong(id, unit)
  })
}

/** Symmetric, missing and random as 1:2:1. */
function mixedKind(word: number): 'symmetric' | 'missing' | 'random' {
  const quarter = word >>> 30
  if (quarter === 0) return 'symmetric'
  return quarter === 3 ? 'random' : 'missing'
}

/**
 * The segments of a mask: pixels of one class that hang together over their four sides.
 * @returns H*W, each pixel's segment, which is named by the first of its pixels
 */
export function segmentsOf(mask: Uint8Array, { width }: Size): Int32Array {
  const segments = new Int32Array(mask.length).fill(-1)
  const open = new Int32Array(mask.length)
  for (let first = 0; first < mask.length; first++) {
    if (segments[first] >= 0) continue
    const id = mask[first]
    let count = 0
    const reach = (i: number) => {
      if (mask[i] !== id || segments[i] >= 0) return
      segments[i] = first
      open[count++] = i
    }
    reach(first)
    while (count > 0) {
      const i = open[--count]
      const column = i % width
      if (column > 0) reach(i - 1)
      if (column < width - 1) reach(i + 1)
      if (i >= width) reach(i - width)
      if (i + width < mask.length) reach(i + width)
    }
  }
  return segments
}
