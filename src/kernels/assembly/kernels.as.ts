/** All kernels of the WASM binary. Pointers are byte addresses in tfjs's heap; there is no static data and no allocation. */
export {
  batchNormApply, batchNormGradApply, batchNormGradPartials, batchNormGradSums, batchNormMoments, batchNormPartials, batchNormScales,
  scaleShift,
} from '../batch-norm/batch-norm.as'
export { upsampleGrad } from '../upsampling/bilinear.as'
export { passWinners, pixelStatistics, softVotes, voteEntropy } from '../committee/committee.as'
export { convolve, convolveBack, packFilter, packTransposedFilter } from '../convolution/convolution.as'
export { conv2dGradFilter, sumChunks } from '../convolution/convolution-grad-filter.as'
export { crossEntropyGrad, crossEntropySums } from '../loss/cross-entropy.as'
export { depthwiseConvolve, depthwiseGradFilter, depthwiseGradFilterTotal, depthwiseGradInput } from '../convolution/depthwise-convolution.as'
export { passDropout, upsampledDepthwise, upsampledTaps } from '../decoder-passes/decoder-passes.as'
export { dropout } from '../layers/dropout.as'
export { attentionColumns, attentionRows } from '../attention/gaussian-attention.as'
export { patchAttention } from '../attention/patch-attention.as'
export { runningAverage, sgdStep } from '../optimizer/optimizer.as'
export { copyRuns } from '../tfjs-fixes/split.as'
export { tileBlocks } from '../tfjs-fixes/tile.as'
export { setWorkspace } from './workspace.as'
export { channelBroadcast, channelSums } from '../layers/channel-sums.as'
export { dense, denseGrad } from '../layers/dense.as'
