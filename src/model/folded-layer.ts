/** A convolution layer for inference: batch normalisation folded into its filter and bias. */
import * as tf from '@tensorflow/tfjs-core'
import { type ConvBnLayer, padding } from './layers'

/** A convolution's filter and bias with batch normalisation folded in. */
export interface FoldedLayer {
  filter: tf.Tensor4D
  bias: tf.Tensor1D
}

/** [N, H, W, inChannels] -> [N, H/stride, W/stride, outChannels], with the layer's activation. */
export function fusedConvolution(layer: ConvBnLayer, x: tf.Tensor4D, { filter, bias }: FoldedLayer): tf.Tensor4D {
  const p = padding(layer)
  const activation = layer.activation === 'none' ? 'linear' : layer.activation
  const options = { x, filter, bias, strides: layer.stride, dilations: layer.dilation, activation } as const
  // tfjs's types lack explicit padding here; its kernels have it.
  const pad = [
    [0, 0],
    [p, p],
    [p, p],
    [0, 0],
  ] as unknown as number
  return layer.isDepthwise ? tf.fused.depthwiseConv2d({ ...options, pad }) : tf.fused.conv2d({ ...options, pad })
}
