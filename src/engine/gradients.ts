/**
 * The gradients of tfjs's operations that our networks and their losses are differentiated through. tfjs's core brings none of itself;
 * its package of everything registers them all, among them those of convolutions, which ours replace.
 */
import { registerGradient } from '@tensorflow/tfjs-core'
import { addGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Add_grad'
import { addNGradConfig } from '@tensorflow/tfjs-core/dist/gradients/AddN_grad'
import { castGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Cast_grad'
import { concatGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Concat_grad'
import { identityGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Identity_grad'
import { multiplyGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Multiply_grad'
import { padV2GradConfig } from '@tensorflow/tfjs-core/dist/gradients/PadV2_grad'
import { divGradConfig } from '@tensorflow/tfjs-core/dist/gradients/RealDiv_grad'
import { reluGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Relu_grad'
import { reshapeGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Reshape_grad'
import { sliceGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Slice_grad'
import { splitVGradConfig } from '@tensorflow/tfjs-core/dist/gradients/SplitV_grad'
import { squareGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Square_grad'
import { subGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Sub_grad'
import { sumGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Sum_grad'
import { transposeGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Transpose_grad'

const GRADIENTS = [
  addGradConfig,
  addNGradConfig,
  castGradConfig,
  concatGradConfig,
  identityGradConfig,
  multiplyGradConfig,
  padV2GradConfig,
  divGradConfig,
  reluGradConfig,
  reshapeGradConfig,
  sliceGradConfig,
  splitVGradConfig,
  squareGradConfig,
  subGradConfig,
  sumGradConfig,
  transposeGradConfig,
]

for (const gradient of GRADIENTS) registerGradient(gradient)
