/** Vote entropy on WebGPU, fused with the upsampling. */
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import bilinear from '../upsampling/bilinear.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import hardSource from './hard-vote-entropy.wgsl?raw'
import sampledLogit from './sampled-logit.wgsl?raw'
import type { VoteEntropyAttrs } from './vote-entropy'
import source from './vote-entropy.wgsl?raw'
import winnersSource from './vote-winners.wgsl?raw'

const VOTE_ENTROPY = { label: 'vote-entropy', source: bilinear + sampledLogit + source }
const WINNERS = { label: 'vote-winners', source: winnersSource }
const HARD_VOTE_ENTROPY = { label: 'hard-vote-entropy', source: bilinear + hardSource }

/** Limits within which the votes of a pixel fit into 16 words of four bytes. */
const MAX_BYTE_CLASSES = 64
const MAX_BYTE_PASSES = 255

const voteEntropy = webgpuKernel<'logits', VoteEntropyAttrs>(
  'VoteEntropy',
  ({ logits }, { height, width }, backend) => {
    const map = makeOutput(backend, [height, width])
    const [passes, inHeight, inWidth, classes] = logits.shape
    const pixels = passes * inHeight * inWidth
    const threads = height * width
    if (classes % 4 === 0 && classes <= MAX_BYTE_CLASSES && passes <= MAX_BYTE_PASSES) {
      const winners = makeOutput(backend, [pixels], 'int32')
      const vectors = classes / 4
      const counted = { params: { pixels, vectors }, threads: pixels }
      dispatch(backend, { module: WINNERS, ...counted, inputs: [logits], outputs: [winners] })
      const params = { passes, inHeight, inWidth, vectors, height, width }
      dispatch(backend, { module: HARD_VOTE_ENTROPY, params, inputs: [logits, winners], outputs: [map], threads })
      release(backend, winners)
      return map
    }
    const params = { passes, inHeight, inWidth, classes, height, width }
    dispatch(backend, { module: VOTE_ENTROPY, params, inputs: [logits], outputs: [map], threads })
    return map
  },
)

export const voteEntropyKernels = [voteEntropy]
