import { argmax, bilinearTaps, entropyBits, samplePixel, softmaxInPlace } from '../upsampling/bilinear'

export interface PixelStatisticsArrays {
  prediction: Int32Array
  confidence: Float32Array
  margin: Float32Array
  entropy: Float32Array
}

/** Statistics of the softmax of logits [N, h, w, C] at every pixel of [N, height, width]. */
export function pixelStatisticsReference(
  logits: Float32Array,
  [N, h, w, C]: [number, number, number, number],
  { height, width }: { height: number; width: number },
): PixelStatisticsArrays {
  const size = N * height * width
  const result = {
    prediction: new Int32Array(size),
    confidence: new Float32Array(size),
    margin: new Float32Array(size),
    entropy: new Float32Array(size),
  }
  const rows = bilinearTaps(h, height)
  const columns = bilinearTaps(w, width)
  const pixel = new Float64Array(C)
  let i = 0
  for (let n = 0; n < N; n++) {
    for (const row of rows) {
      for (const column of columns) {
        samplePixel(logits, n * h * w * C, w, row, column, pixel)
        softmaxInPlace(pixel)
        const best = argmax(pixel)
        let second = 0
        for (let c = 0; c < C; c++) if (c !== best) second = Math.max(second, pixel[c])
        result.prediction[i] = best
        result.confidence[i] = pixel[best]
        result.margin[i] = pixel[best] - second
        result.entropy[i] = entropyBits(pixel)
        i++
      }
    }
  }
  return result
}
