import { rowBands, wasmKernel } from '../wasm-kernel'
import type { VoteEntropyAttrs } from './vote-entropy'

/** Share of the entropy that a class with k of m votes has. */
function entropyTable(passes: number): Float32Array {
  return Float32Array.from({ length: passes + 1 }, (_, k) => (k === 0 ? 0 : (-k / passes) * Math.log2(k / passes)))
}

const voteEntropy = wasmKernel<VoteEntropyAttrs>('VoteEntropy', (call) => {
  const { attrs, pointer, backend } = call
  const { logits } = call.inputs
  const [passes, h, w, channels] = logits.shape
  const stride = 4 * Math.ceil(channels / 4)
  const map = call.allocate([attrs.height, attrs.width])
  const table = backend.makeOutput([passes + 1], 'float32', undefined, entropyTable(passes))
  const pixels = passes * h * w
  const winners = call.scratch(2 * pixels)
  call.parallel('passWinners', pixels, 2048, pointer(logits), winners, channels)
  const { bands, bandRows } = rowBands(attrs.height)
  const rows = call.scratch(4 * bands * (2 + attrs.width) * stride)
  const sizes = [passes, h, w, channels, attrs.height, attrs.width]
  const addresses = [pointer(logits), winners, pointer(map)]
  call.parallel('voteEntropy', bands, 1, ...addresses, ...sizes, pointer(table), rows, bandRows)
  backend.disposeData(table.dataId)
  return map
})

export const voteEntropyKernels = [voteEntropy]
