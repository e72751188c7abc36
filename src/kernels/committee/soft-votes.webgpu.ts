/** Soft votes on WebGPU, fused with the upsampling. */
import { dispatch, makeOutput } from '../../gpu/dispatch'
import bilinear from '../upsampling/bilinear.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import sampledLogit from './sampled-logit.wgsl?raw'
import type { SoftVotesAttrs } from './soft-votes'
import source from './soft-votes.wgsl?raw'

const SOFT_VOTES = { label: 'soft-votes', source: bilinear + sampledLogit + source }

const softVotes = webgpuKernel<'logits', SoftVotesAttrs>('SoftVotes', ({ logits }, { height, width }, backend) => {
  const [passes, inHeight, inWidth, classes] = logits.shape
  const outputs = [0, 1, 2].map(() => makeOutput(backend, [height, width]))
  dispatch(backend, {
    module: SOFT_VOTES,
    params: { passes, inHeight, inWidth, classes, height, width },
    inputs: [logits],
    outputs,
    threads: height * width,
  })
  return outputs
})

export const softVotesKernels = [softVotes]
