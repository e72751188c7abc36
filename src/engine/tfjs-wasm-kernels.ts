/** tfjs's own kernels for WASM that our networks, their losses and our kernels' other ways run; the package brings five times as many. */

import { addConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add'
import { addNConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/AddN'
import { castConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Cast'
import { concatConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Concat'
import { conv2DConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Conv2D'
import { depthwiseConv2dNativeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/DepthwiseConv2dNative'
import { expConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Exp'
import { fillConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Fill'
import { fusedConv2DConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/FusedConv2D'
import { fusedDepthwiseConv2DConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/FusedDepthwiseConv2D'
import { identityConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Identity'
import { logConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Log'
import { maxConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Max'
import { meanConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Mean'
import { minConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Min'
import { multiplyConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply'
import { negConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Neg'
import { packConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Pack'
import { padV2Config } from '@tensorflow/tfjs-backend-wasm/dist/kernels/PadV2'
import { rangeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Range'
import { realDivConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv'
import { reluConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Relu'
import { reshapeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape'
import { resizeBilinearConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/ResizeBilinear'
import { reverseConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reverse'
import { sigmoidConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sigmoid'
import { sliceConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Slice'
import { splitVConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/SplitV'
import { sqrtConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt'
import { squareConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Square'
import { stepConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Step'
import { subConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sub'
import { sumConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sum'
import { tileConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Tile'
import { transposeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Transpose'
import { zerosLikeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/ZerosLike'
import { registerKernel } from '@tensorflow/tfjs-core'

const KERNELS = [
  addConfig,
  addNConfig,
  castConfig,
  concatConfig,
  conv2DConfig,
  depthwiseConv2dNativeConfig,
  expConfig,
  fillConfig,
  fusedConv2DConfig,
  fusedDepthwiseConv2DConfig,
  identityConfig,
  logConfig,
  maxConfig,
  meanConfig,
  minConfig,
  multiplyConfig,
  negConfig,
  packConfig,
  padV2Config,
  rangeConfig,
  realDivConfig,
  reluConfig,
  reshapeConfig,
  resizeBilinearConfig,
  reverseConfig,
  sigmoidConfig,
  sliceConfig,
  splitVConfig,
  sqrtConfig,
  squareConfig,
  stepConfig,
  subConfig,
  sumConfig,
  tileConfig,
  transposeConfig,
  zerosLikeConfig,
]

for (const kernel of KERNELS) registerKernel(kernel)
