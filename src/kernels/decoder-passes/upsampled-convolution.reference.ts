import { bilinearTaps, samplePixel } from '../upsampling/bilinear'

interface Extent {
  height: number
  width: number
}

/** Bilinear upsampling with aligned corners of one map [h, w, channels]. */
function upsampled(map: Float32Array, [h, w, channels]: number[], { height, width }: Extent): Float64Array {
  const [rows, columns] = [bilinearTaps(h, height), bilinearTaps(w, width)]
  const pixel = new Float64Array(channels)
  const result = new Float64Array(height * width * channels)
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      samplePixel(map, 0, w, row, column, pixel)
      result.set(pixel, (y * width + x) * channels)
    })
  })
  return result
}

/** The 3x3 neighbours of a pixel that lie inside: tap 0..8 and the neighbour's index. */
function neighbours(y: number, x: number, { height, width }: Extent): [tap: number, pixel: number][] {
  const found: [number, number][] = []
  for (let tap = 0; tap < 9; tap++) {
    const [r, c] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1]
    if (r >= 0 && r < height && c >= 0 && c < width) found.push([tap, r * width + c])
  }
  return found
}

/**
 * relu(bias + depthwise 3x3 of the upsampled z), zero padding.
 * @param z [items, h, w, C]
 * @param filter [3, 3, C]
 * @returns [items, height, width, C]
 */
export function upsampledDepthwiseReference(
  z: Float32Array,
  [items, h, w, channels]: [number, number, number, number],
  filter: Float32Array,
  bias: Float32Array,
  size: Extent,
): Float32Array {
  const itemSize = size.height * size.width * channels
  const y = new Float32Array(items * itemSize)
  for (let n = 0; n < items; n++) {
    const map = upsampled(z.subarray(n * h * w * channels, (n + 1) * h * w * channels), [h, w, channels], size)
    for (let i = 0; i < itemSize; i++) {
      const [pixel, c] = [Math.floor(i / channels), i % channels]
      let sum = bias[c]
      for (const [tap, neighbour] of neighbours(Math.floor(pixel / size.width), pixel % size.width, size)) {
        sum += filter[tap * channels + c] * map[neighbour * channels + c]
      }
      y[n * itemSize + i] = Math.max(sum, 0)
    }
  }
  return y
}

/**
 * Sum over the taps k of a 3x3 filter of the upsampled taps[.., k, ..] shifted by k, zero outside: what a 3x3 convolution of
 * an upsampled map is, when taps[.., k, ..] = (1x1 convolution with the filter's tap k) of the map that was not upsampled.
 * @param taps [items, h, w, 9, C]
 * @returns [items, height, width, C]
 */
export function upsampledTapsReference(
  taps: Float32Array,
  [items, h, w, channels]: [number, number, number, number],
  size: Extent,
): Float32Array {
  const itemSize = size.height * size.width * channels
  const y = new Float32Array(items * itemSize)
  const inSize = h * w * 9 * channels
  for (let n = 0; n < items; n++) {
    const map = upsampled(taps.subarray(n * inSize, (n + 1) * inSize), [h, w, 9 * channels], size)
    for (let i = 0; i < itemSize; i++) {
      const [pixel, c] = [Math.floor(i / channels), i % channels]
      let sum = 0
      for (const [tap, neighbour] of neighbours(Math.floor(pixel / size.width), pixel % size.width, size)) {
        sum += map[(neighbour * 9 + tap) * channels + c]
      }
      y[n * itemSize + i] = sum
    }
  }
  return y
}
