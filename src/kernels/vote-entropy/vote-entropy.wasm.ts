import { registerWasmKernel } from '../wasm-kernel'
import type { VoteEntropyAttrs } from './vote-entropy'

/** Share of the entropy that a class with k of m votes has. */
function entropyTable(passes: number): Float32Array {
  return Float32Array.from({ length: passes + 1 }, (_, k) => (k === 0 ? 0 : (-k / passes) * Math.log2(k / passes)))
}

export function registerVoteEntropyWasm(): void {
  registerWasmKernel<VoteEntropyAttrs>('VoteEntropy', (call) => {
    const { attrs, pointer, backend } = call
    const { logits } = call.inputs
    const [passes, h, w, channels] = logits.shape
    const stride = 4 * Math.ceil(channels / 4)
    const map = call.allocate([attrs.height, attrs.width])
    const table = backend.makeOutput([passes + 1], 'float32', undefined, entropyTable(passes))
    const sizes = [passes, h, w, channels, attrs.height, attrs.width, Number(attrs.vote === 'soft')]
    const rows = call.scratch(4 * (w + attrs.width + 1) * stride)
    call.assembly.voteEntropy(pointer(logits), pointer(map), ...sizes, pointer(table), rows)
    backend.disposeData(table.dataId)
    return map
  })
}
