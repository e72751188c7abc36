import type { Shape4D } from '../convolution/geometry'
import { registerWasmKernel } from '../wasm-kernel'
import type { VoteEntropyAttrs } from './vote-entropy'
import { voteEntropyReference } from './vote-entropy.reference'

export function registerVoteEntropyWasm(): void {
  registerWasmKernel<VoteEntropyAttrs>('VoteEntropy', ({ inputs: { logits }, attrs, allocate, floats }) => {
    const map = allocate([attrs.height, attrs.width])
    floats(map).set(voteEntropyReference(floats(logits), logits.shape as Shape4D, attrs, attrs.vote))
    return map
  })
}
