import * as tf from '@tensorflow/tfjs-core'
import { gradientOutput } from '../arena/destinations'
import { wasmKernel } from '../wasm-kernel'
import type { ChannelBroadcastAttrs, ChannelSumsAttrs } from './channel-sums'

const channelSums = wasmKernel<ChannelSumsAttrs>(
  'ChannelSums',
  ({ inputs: { x, parameter }, attrs, backend, allocate, pointer, scratch, assembly }) => {
    const channels = x.shape[x.shape.length - 1]
    const rows = tf.util.sizeFromShape(x.shape) / channels / attrs.items
    const output = parameter ? gradientOutput(backend, parameter, parameter.shape) : allocate([attrs.items, channels])
    const sizes = [attrs.items, rows, channels, attrs.factor, scratch(8 * channels)]
    assembly.channelSums(pointer(x), pointer(output), ...sizes)
    return output
  },
)

const channelBroadcast = wasmKernel<ChannelBroadcastAttrs>(
  'ChannelBroadcast',
  ({ inputs: { x }, attrs: { height, width, factor }, allocate, pointer, assembly }) => {
    const channels = x.shape[x.shape.length - 1]
    const y = allocate([x.shape[0], height, width, channels])
    assembly.channelBroadcast(pointer(x), pointer(y), x.shape[0], height * width, channels, factor)
    return y
  },
)

export const channelSumsKernels = [channelSums, channelBroadcast]
