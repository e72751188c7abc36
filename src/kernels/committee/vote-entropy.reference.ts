import { argmax, bilinearTaps, entropyBits, samplePixel, softmaxInPlace } from '../upsampling/bilinear'

export type Vote = 'hard' | 'soft'

/**
 * Entropy, in bits, of the committee's votes at every pixel (paper Eq. 4).
 * @param logits [m, h, w, C] of the m passes
 * @returns [height, width]
 */
export function voteEntropyReference(
  logits: Float32Array,
  [m, h, w, C]: [number, number, number, number],
  { height, width }: { height: number; width: number },
  vote: Vote,
): Float32Array {
  const map = new Float32Array(height * width)
  const rows = bilinearTaps(h, height)
  const columns = bilinearTaps(w, width)
  const pixel = new Float64Array(C)
  const votes = new Float64Array(C)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      votes.fill(0)
      for (let pass = 0; pass < m; pass++) {
        samplePixel(logits, pass * h * w * C, w, rows[y], columns[x], pixel)
        if (vote === 'hard') {
          votes[argmax(pixel)] += 1 / m
        } else {
          softmaxInPlace(pixel)
          for (let c = 0; c < C; c++) votes[c] += pixel[c] / m
        }
      }
      map[y * width + x] = entropyBits(votes)
    }
  }
  return map
}
