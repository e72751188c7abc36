/** All our kernels of the WebGPU engine. */
import type { KernelConfig } from '@tensorflow/tfjs-core'
import { blockKernels } from './arena/block.webgpu'
import { gaussianAttentionKernels } from './attention/gaussian-attention.webgpu'
import { patchAttentionKernels } from './attention/patch-attention.webgpu'
import { batchNormKernels } from './batch-norm/batch-norm.webgpu'
import { classWindowsKernels } from './committee/class-windows.webgpu'
import { pixelStatisticsKernels } from './committee/pixel-statistics.webgpu'
import { queryResultKernels } from './committee/query-result.webgpu'
import { softVotesKernels } from './committee/soft-votes.webgpu'
import { voteEntropyKernels } from './committee/vote-entropy.webgpu'
import { convolutionKernels } from './convolution/convolution.webgpu'
import { depthwiseConvolutionKernels } from './convolution/depthwise-convolution.webgpu'
import { passConvolutionKernels } from './decoder-passes/pass-convolution.webgpu'
import { passDropoutKernels } from './decoder-passes/pass-dropout.webgpu'
import { upsampledConvolutionKernels } from './decoder-passes/upsampled-convolution.webgpu'
import { channelSumsKernels } from './layers/channel-sums.webgpu'
import { denseKernels } from './layers/dense.webgpu'
import { dropoutKernels } from './layers/dropout.webgpu'
import { crossEntropyKernels } from './loss/cross-entropy.webgpu'
import { rankingLossKernels } from './loss/ranking-loss.webgpu'
import { adamKernels } from './optimizer/adam.webgpu'
import { runningAverageKernels } from './optimizer/running-average.webgpu'
import { sgdKernels } from './optimizer/sgd.webgpu'
import { upsampleKernels } from './upsampling/upsample.webgpu'
import './tfjs-fixes/tile'

export const webgpuKernels: KernelConfig[] = [
  ...blockKernels,
  ...gaussianAttentionKernels,
  ...patchAttentionKernels,
  ...batchNormKernels,
  ...classWindowsKernels,
  ...pixelStatisticsKernels,
  ...queryResultKernels,
  ...softVotesKernels,
  ...voteEntropyKernels,
  ...convolutionKernels,
  ...depthwiseConvolutionKernels,
  ...passConvolutionKernels,
  ...passDropoutKernels,
  ...upsampledConvolutionKernels,
  ...channelSumsKernels,
  ...denseKernels,
  ...dropoutKernels,
  ...crossEntropyKernels,
  ...rankingLossKernels,
  ...adamKernels,
  ...runningAverageKernels,
  ...sgdKernels,
  ...upsampleKernels,
]
