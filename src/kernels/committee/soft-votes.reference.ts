import { bilinearTaps, entropyBits, samplePixel, softmaxInPlace } from '../upsampling/bilinear'

/** See `softVotes`; each map [height, width]. */
export function softVotesReference(
  logits: Float32Array,
  [m, h, w, C]: [number, number, number, number],
  { height, width }: { height: number; width: number },
): { entropy: Float32Array; margin: Float32Array; disagreement: Float32Array } {
  const [entropy, margin, disagreement] = [0, 1, 2].map(() => new Float32Array(height * width))
  const rows = bilinearTaps(h, height)
  const columns = bilinearTaps(w, width)
  const pixel = new Float64Array(C)
  for (let i = 0; i < height * width; i++) {
    const mean = new Float64Array(C)
    let ownEntropy = 0
    for (let pass = 0; pass < m; pass++) {
      samplePixel(logits, pass * h * w * C, w, rows[Math.floor(i / width)], columns[i % width], pixel)
      softmaxInPlace(pixel)
      ownEntropy += entropyBits(pixel) / m
      for (let c = 0; c < C; c++) mean[c] += pixel[c] / m
    }
    const [first, second = 0] = [...mean].sort((a, b) => b - a)
    entropy[i] = entropyBits(mean)
    margin[i] = first - second
    disagreement[i] = Math.max(0, entropyBits(mean) - ownEntropy)
  }
  return { entropy, margin, disagreement }
}
