/** All our kernels of the WASM engine. */
import type { KernelConfig } from '@tensorflow/tfjs-core'
import { blockKernels } from './arena/block.wasm'
import { gaussianAttentionKernels } from './attention/gaussian-attention.wasm'
import { patchAttentionKernels } from './attention/patch-attention.wasm'
import { batchNormKernels } from './batch-norm/batch-norm.wasm'
import { classWindowsKernels } from './committee/class-windows.wasm'
import { pixelStatisticsKernels } from './committee/pixel-statistics.wasm'
import { softVotesKernels } from './committee/soft-votes.wasm'
import { voteEntropyKernels } from './committee/vote-entropy.wasm'
import { convolutionKernels } from './convolution/convolution.wasm'
import { depthwiseConvolutionKernels } from './convolution/depthwise-convolution.wasm'
import { passDropoutKernels } from './decoder-passes/pass-dropout.wasm'
import { upsampledConvolutionKernels } from './decoder-passes/upsampled-convolution.wasm'
import { channelSumsKernels } from './layers/channel-sums.wasm'
import { denseKernels } from './layers/dense.wasm'
import { dropoutKernels } from './layers/dropout.wasm'
import { crossEntropyKernels } from './loss/cross-entropy.wasm'
import { rankingLossKernels } from './loss/ranking-loss.wasm'
import { adamKernels } from './optimizer/adam.wasm'
import { runningAverageKernels } from './optimizer/running-average.wasm'
import { sgdKernels } from './optimizer/sgd.wasm'
import { identityKernels } from './tfjs-fixes/identity.wasm'
import { splitKernels } from './tfjs-fixes/split.wasm'
import { tileKernels } from './tfjs-fixes/tile.wasm'
import { upsampleKernels } from './upsampling/upsample.wasm'
import './tfjs-fixes/tile'

export const wasmKernels: KernelConfig[] = [
  ...blockKernels,
  ...gaussianAttentionKernels,
  ...patchAttentionKernels,
  ...batchNormKernels,
  ...classWindowsKernels,
  ...pixelStatisticsKernels,
  ...softVotesKernels,
  ...voteEntropyKernels,
  ...convolutionKernels,
  ...depthwiseConvolutionKernels,
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
  ...identityKernels,
  ...splitKernels,
  ...tileKernels,
  ...upsampleKernels,
]
