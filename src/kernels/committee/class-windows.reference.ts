import { bilinearTaps, samplePixel, softmaxInPlace } from '../upsampling/bilinear'

/** Rows or columns where windows begin. */
function starts(length: number, side: number, stride: number): number[] {
  const found: number[] = []
  for (let start = 0; start < length - side; start += stride) found.push(start)
  return [...found, length - side]
}

/**
 * What `classWindows` returns, window by window.
 * @param logits [h, w, C]
 * @param uncertainty [height, width]
 */
export function classWindowsReference(
  logits: Float32Array,
  [h, w, C]: [number, number, number],
  uncertainty: Float32Array,
  { height, width }: { height: number; width: number },
  a: Float32Array,
  stride: number,
): Float32Array {
  const [rows, columns] = [bilinearTaps(h, height), bilinearTaps(w, width)]
  const probabilities = new Float64Array(height * width * C)
  const means = new Float64Array(C)
  const pixel = new Float64Array(C)
  for (let i = 0; i < height * width; i++) {
    samplePixel(logits, 0, w, rows[Math.floor(i / width)], columns[i % width], pixel)
    softmaxInPlace(pixel)
    probabilities.set(pixel, i * C)
    for (let c = 0; c < C; c++) means[c] += pixel[c] / (height * width)
  }
  const side = a.length
  const windows = starts(height, side, stride).flatMap((y) => starts(width, side, stride).map((x) => ({ y, x })))
  const sums = windows.flatMap(({ y, x }) => {
    const ofWindow = new Float64Array(C)
    for (let r = 0; r < side; r++) {
      for (let k = 0; k < side; k++) {
        const i = (y + r) * width + x + k
        for (let c = 0; c < C; c++) ofWindow[c] += a[r] * a[k] * uncertainty[i] * probabilities[i * C + c]
      }
    }
    return [...ofWindow]
  })
  return Float32Array.from([...sums, ...means])
}
