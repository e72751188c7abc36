import './gradients'
import { type BackendWasm, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import * as tf from '@tensorflow/tfjs-core'
import { AppError } from '../domain/errors'
import { registerBlockWasm } from '../kernels/arena/block.wasm'
import { registerBatchNormWasm } from '../kernels/batch-norm/batch-norm.wasm'
import { registerChannelSumsWasm } from '../kernels/channel-sums/channel-sums.wasm'
import { registerConvolutionWasm } from '../kernels/convolution/convolution.wasm'
import { registerCrossEntropyWasm } from '../kernels/cross-entropy/cross-entropy.wasm'
import { registerDenseWasm } from '../kernels/dense/dense.wasm'
import { registerDepthwiseConvolutionWasm } from '../kernels/depthwise-convolution/depthwise-convolution.wasm'
import { registerDropoutWasm } from '../kernels/dropout/dropout.wasm'
import { registerGaussianAttentionWasm } from '../kernels/gaussian-attention/gaussian-attention.wasm'
import { registerIdentityWasm } from '../kernels/identity/identity.wasm'
import { registerPassDropoutWasm } from '../kernels/pass-dropout/pass-dropout.wasm'
import { registerPatchAttentionWasm } from '../kernels/patch-attention/patch-attention.wasm'
import { registerPixelStatisticsWasm } from '../kernels/pixel-statistics/pixel-statistics.wasm'
import { registerRankingLossWasm } from '../kernels/ranking-loss/ranking-loss.wasm'
import { registerRunningAverageWasm } from '../kernels/running-average/running-average.wasm'
import { registerSgdWasm } from '../kernels/sgd/sgd.wasm'
import { registerSoftVotesWasm } from '../kernels/soft-votes/soft-votes.wasm'
import { registerSplitWasm } from '../kernels/split/split.wasm'
import { registerTileWasm } from '../kernels/tile/tile.wasm'
import { registerUpsampleWasm } from '../kernels/upsample/upsample.wasm'
import { registerUpsampledConvolutionWasm } from '../kernels/upsampled-convolution/upsampled-convolution.wasm'
import { registerVoteEntropyWasm } from '../kernels/vote-entropy/vote-entropy.wasm'
import { attachAssembly } from '../kernels/wasm-assembly'
import { guardWasmMemory } from './memory'

/** Starts tfjs's WASM backend with our kernels. Threads need a cross-origin isolated page; SIMD is required. */
export async function bootWasm(): Promise<{ device: string }> {
  if (!tf.engine().registryFactory.wasm) {
    throw new AppError('internal', 'The WASM backend is not part of this build.', 'Reload the page.')
  }
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new AppError(
      'internal',
      'This browser runs no WebAssembly SIMD instructions.',
      'Use a browser of 2023 or newer.',
    )
  }
  if (!('wasm' in tf.engine().registry)) {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainUrl,
      'tfjs-backend-wasm-simd.wasm': simdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
    })
    // Our kernels have threads of their own. tfjs's would spin for milliseconds after each of its operations, in their way.
    setThreadsCount(1)
  }
  await tf.setBackend('wasm')
  guardWasmMemory(tf.backend() as BackendWasm)
  const threads = await attachAssembly(tf.backend() as BackendWasm, navigator.hardwareConcurrency)
  registerBlockWasm()
  registerBatchNormWasm()
  registerChannelSumsWasm()
  registerConvolutionWasm()
  registerDenseWasm()
  registerRankingLossWasm()
  registerCrossEntropyWasm()
  registerDepthwiseConvolutionWasm()
  registerDropoutWasm()
  registerGaussianAttentionWasm()
  registerIdentityWasm()
  registerPassDropoutWasm()
  registerPatchAttentionWasm()
  registerPixelStatisticsWasm()
  registerRunningAverageWasm()
  registerSgdWasm()
  registerSplitWasm()
  registerTileWasm()
  registerUpsampleWasm()
  registerUpsampledConvolutionWasm()
  registerSoftVotesWasm()
  registerVoteEntropyWasm()
  return { device: `WASM, SIMD, ${threads} thread${threads === 1 ? '' : 's'}` }
}
