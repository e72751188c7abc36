import './gradients'
import { type BackendWasm, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import * as tf from '@tensorflow/tfjs-core'
import { AppError } from '../domain/errors'
import { registerBlockWasm } from '../kernels/arena/block.wasm'
import { registerGaussianAttentionWasm } from '../kernels/attention/gaussian-attention.wasm'
import { registerPatchAttentionWasm } from '../kernels/attention/patch-attention.wasm'
import { registerBatchNormWasm } from '../kernels/batch-norm/batch-norm.wasm'
import { registerPixelStatisticsWasm } from '../kernels/committee/pixel-statistics.wasm'
import { registerSoftVotesWasm } from '../kernels/committee/soft-votes.wasm'
import { registerVoteEntropyWasm } from '../kernels/committee/vote-entropy.wasm'
import { registerConvolutionWasm } from '../kernels/convolution/convolution.wasm'
import { registerDepthwiseConvolutionWasm } from '../kernels/convolution/depthwise-convolution.wasm'
import { registerPassDropoutWasm } from '../kernels/decoder-passes/pass-dropout.wasm'
import { registerUpsampledConvolutionWasm } from '../kernels/decoder-passes/upsampled-convolution.wasm'
import { registerChannelSumsWasm } from '../kernels/layers/channel-sums.wasm'
import { registerDenseWasm } from '../kernels/layers/dense.wasm'
import { registerDropoutWasm } from '../kernels/layers/dropout.wasm'
import { registerCrossEntropyWasm } from '../kernels/loss/cross-entropy.wasm'
import { registerRankingLossWasm } from '../kernels/loss/ranking-loss.wasm'
import { registerRunningAverageWasm } from '../kernels/optimizer/running-average.wasm'
import { registerSgdWasm } from '../kernels/optimizer/sgd.wasm'
import { registerIdentityWasm } from '../kernels/tfjs-fixes/identity.wasm'
import { registerSplitWasm } from '../kernels/tfjs-fixes/split.wasm'
import { registerTileWasm } from '../kernels/tfjs-fixes/tile.wasm'
import { registerUpsampleWasm } from '../kernels/upsampling/upsample.wasm'
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
