/** Vote entropy on WebGPU, fused with the upsampling. */
import { dispatch, makeOutput, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import type { VoteEntropyAttrs } from './vote-entropy'
import source from './vote-entropy.wgsl?raw'

const VOTE_ENTROPY = { label: 'vote-entropy', source }

const voteEntropy = webgpuKernel<'logits', VoteEntropyAttrs>(
  'VoteEntropy',
  ({ logits }, { height, width, vote }, backend) => {
    const map = makeOutput(backend, [height, width])
    const [passes, inHeight, inWidth, classes] = logits.shape
    dispatch(backend, {
      module: VOTE_ENTROPY,
      params: u32(passes, inHeight, inWidth, classes, height, width, vote === 'soft' ? 1 : 0),
      inputs: [logits],
      outputs: [map],
      threads: height * width,
    })
    return map
  },
)

export const voteEntropyKernels = [voteEntropy]
