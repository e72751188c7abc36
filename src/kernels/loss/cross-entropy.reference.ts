import type { Shape4D } from '../convolution/geometry'
import { bilinearTaps, samplePixel, softmaxInPlace } from '../upsampling/bilinear'

interface Labelled {
  /** [N, H, W]: a class, or anything else for a pixel that takes no part. */
  labels: Int32Array
  /** [N, H, W]. */
  weights: Float32Array
  /** Of labels and weights. */
  height: number
  width: number
}

interface Pixel {
  item: number
  label: number
  weight: number
  /** The upsampled logits. */
  logits: Float64Array
  /** The contribution of each logit of the small map: offset of its first class, and weight. */
  corners: [offset: number, weight: number][]
}

/** The pixels whose label is a class. */
function* pixels(logits: Float32Array, shape: Shape4D, { labels, weights, height, width }: Labelled): Generator<Pixel> {
  const [items, h, w, classes] = shape
  const [rows, columns] = [bilinearTaps(h, height), bilinearTaps(w, width)]
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] < 0 || labels[i] >= classes) continue
    const item = Math.floor(i / (height * width))
    const [y, x] = [rows[Math.floor(i / width) % height], columns[i % width]]
    const values = new Float64Array(classes)
    const offset = item * h * w * classes
    samplePixel(logits, offset, w, y, x, values)
    const corner = (row: number, column: number, share: number): [number, number] => [
      offset + (row * w + column) * classes,
      share,
    ]
    const corners = [
      corner(y.low, x.low, (1 - y.weight) * (1 - x.weight)),
      corner(y.low, x.high, (1 - y.weight) * x.weight),
      corner(y.high, x.low, y.weight * (1 - x.weight)),
      corner(y.high, x.high, y.weight * x.weight),
    ]
    yield { item: item % items, label: labels[i], weight: weights[i], logits: values, corners }
  }
}

/** Weighted cross-entropy of the upsampled logits [N, h, w, C], summed over the labelled pixels of each item: [N]. */
export function crossEntropySumsReference(logits: Float32Array, shape: Shape4D, labelled: Labelled): Float32Array {
  const sums = new Float64Array(shape[0])
  for (const pixel of pixels(logits, shape, labelled)) {
    const highest = Math.max(...pixel.logits)
    const total = pixel.logits.reduce((sum, value) => sum + Math.exp(value - highest), 0)
    sums[pixel.item] += pixel.weight * (highest + Math.log(total) - pixel.logits[pixel.label])
  }
  return Float32Array.from(sums)
}

/** Gradient of sum(dsums * crossEntropySums) by the logits: [N, h, w, C]. */
export function crossEntropyGradReference(
  logits: Float32Array,
  shape: Shape4D,
  labelled: Labelled,
  dsums: Float32Array,
): Float32Array {
  const dlogits = new Float64Array(logits.length)
  for (const { item, label, weight, logits: values, corners } of pixels(logits, shape, labelled)) {
    softmaxInPlace(values)
    values[label] -= 1
    for (const [offset, share] of corners) {
      for (let c = 0; c < values.length; c++) dlogits[offset + c] += dsums[item] * weight * share * values[c]
    }
  }
  return Float32Array.from(dlogits)
}
