/** All kernels of the WASM binary. Pointers are byte addresses in tfjs's heap; there is no static data and no allocation. */
export {
  batchNormApply, batchNormGradApply, batchNormGradPartials, batchNormGradSums, batchNormMoments, batchNormPartials, batchNormScales,
  scaleShift,
} from './batch-norm'
export { upsampleGrad } from './bilinear'
export { passWinners, pixelStatistics, softVotes, voteEntropy } from './committee'
export { convolve, convolveBack, packFilter, packTransposedFilter } from './convolution'
export { conv2dGradFilter, sumChunks } from './convolution-grad-filter'
export { crossEntropyGrad, crossEntropySums } from './cross-entropy'
export { depthwiseConvolve, depthwiseGradFilter, depthwiseGradFilterTotal, depthwiseGradInput } from './depthwise-convolution'
export { passDropout, upsampledDepthwise, upsampledTaps } from './decoder-passes'
export { dropout } from './dropout'
export { attentionColumns, attentionRows } from './gaussian-attention'
export { patchAttention } from './patch-attention'
export { runningAverage, sgdStep } from './sgd'
export { copyRuns } from './split'
export { tileBlocks } from './tile'
export { setWorkspace } from './workspace'
export { channelBroadcast, channelSums } from './channel-sums'
export { dense, denseGrad } from './dense'
