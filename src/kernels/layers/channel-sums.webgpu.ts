import * as tf from '@tensorflow/tfjs-core'
import { dispatch, makeOutput } from '../../gpu/dispatch'
import { gradientOutput } from '../arena/destinations'
import { webgpuKernel } from '../webgpu-kernel'
import broadcast from './channel-broadcast.wgsl?raw'
import type { ChannelBroadcastAttrs, ChannelSumsAttrs } from './channel-sums'
import sums from './channel-sums.wgsl?raw'

const SUMS = { label: 'channel-sums', source: sums }
const BROADCAST = { label: 'channel-broadcast', source: broadcast }

/** As in the module. */
const CHANNELS = 16
const WORKGROUP = 256

const channelSums = webgpuKernel<'x' | 'parameter', ChannelSumsAttrs>(
  'ChannelSums',
  ({ x, parameter }, { items, factor }, backend) => {
    const channels = x.shape[x.shape.length - 1]
    const rows = tf.util.sizeFromShape(x.shape) / channels / items
    const output = parameter
      ? gradientOutput(backend, parameter, parameter.shape)
      : makeOutput(backend, [items, channels])
    const groups = items * Math.ceil(channels / CHANNELS)
    dispatch(backend, {
      module: SUMS,
      params: { rows, channels, groups, factor },
      inputs: [x],
      outputs: [output],
      threads: groups * WORKGROUP,
      workgroup: WORKGROUP,
    })
    return output
  },
)

const channelBroadcast = webgpuKernel<'x', ChannelBroadcastAttrs>(
  'ChannelBroadcast',
  ({ x }, { height, width, factor }, backend) => {
    const channels = x.shape[x.shape.length - 1]
    const shape = [x.shape[0], height, width, channels]
    const size = tf.util.sizeFromShape(shape)
    const y = makeOutput(backend, shape)
    const params = { size, rows: height * width, channels, factor }
    dispatch(backend, { module: BROADCAST, params, inputs: [x], outputs: [y], threads: size })
    return y
  },
)

export const channelSumsKernels = [channelSums, channelBroadcast]
