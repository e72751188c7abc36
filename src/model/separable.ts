/** A 3x3 convolution with BN and ReLU: dense, or depthwise followed by pointwise (each with BN and ReLU). */
import { type ConvBnLayer, convBn } from './layers'

/** The layers in the order in which they are applied; all belong to the group 'head'. */
export function conv3x3(
  name: string,
  isSeparable: boolean,
  inChannels: number,
  outChannels: number,
  dilation: number,
): ConvBnLayer[] {
  if (!isSeparable) {
    return [
      convBn({ conv: `${name}.conv`, norm: `${name}.norm` }, 'head', inChannels, outChannels, { kernel: 3, dilation }),
    ]
  }
  return [
    convBn({ conv: `${name}.depthwise.conv`, norm: `${name}.depthwise.norm` }, 'head', inChannels, inChannels, {
      kernel: 3,
      dilation,
      isDepthwise: true,
    }),
    convBn({ conv: `${name}.pointwise.conv`, norm: `${name}.pointwise.norm` }, 'head', inChannels, outChannels),
  ]
}
