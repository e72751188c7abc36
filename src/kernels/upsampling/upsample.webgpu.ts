/** Gradient of the bilinear upsampling on WebGPU; tfjs' own is zero for a map that is one sample high or wide. */
import { dispatch, makeOutput } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import type { UpsampleGradAttrs } from './upsample'
import grad from './upsample-grad.wgsl?raw'

const GRAD = { label: 'upsample-grad', source: grad }

const upsampleGrad = webgpuKernel<'dy', UpsampleGradAttrs>('UpsampleGrad', ({ dy }, size, backend) => {
  const [batch, height, width, channels] = dy.shape
  const shape = [batch, size.height, size.width, channels]
  const threads = batch * size.height * size.width * channels
  const dx = makeOutput(backend, shape)
  const params = { size: threads, inHeight: size.height, inWidth: size.width, height, width, channels }
  dispatch(backend, { module: GRAD, params, inputs: [dy], outputs: [dx], threads })
  return dx
})

export const upsampleKernels = [upsampleGrad]
