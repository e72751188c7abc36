/** Atrous spatial pyramid pooling (Chen et al. 2018): the encoder's map seen at several dilations. */
import * as tf from '@tensorflow/tfjs-core'
import type { NetworkConfig } from '../domain/config'
import { constantMap, globalMean } from '../kernels/layers/channel-sums'
import type { Encoder } from './encoder'
import { type ConvBnLayer, convBn, type Executor } from './layers'
import { conv3x3 } from './separable'

/** Dilations of the 3x3 branches by output stride: the same reach in pixels of the image. */
const DILATIONS = { 16: [6, 12, 18], 8: [12, 24, 36] } as const

export interface Aspp {
  layers: ConvBnLayer[]
  /** [N, h, w, highChannels] -> [N, h, w, A], with its dropout where the executor has it active. */
  forward(executor: Executor, high: tf.Tensor4D): tf.Tensor4D
}

export function aspp(config: NetworkConfig, encoder: Pick<Encoder, 'highChannels' | 'outputStride'>): Aspp {
  const channels = config.channels
  const inChannels = encoder.highChannels
  const pointwise = convBn({ conv: 'aspp.branch0.conv', norm: 'aspp.branch0.norm' }, 'head', inChannels, channels)
  const dilated = DILATIONS[encoder.outputStride].map((dilation, i) =>
    conv3x3(`aspp.branch${i + 1}`, config.separable, inChannels, channels, dilation),
  )
  const pooled = convBn({ conv: 'aspp.pool.conv', norm: 'aspp.pool.norm' }, 'head', inChannels, channels)
  const project = convBn({ conv: 'aspp.project.conv', norm: 'aspp.project.norm' }, 'head', 5 * channels, channels)
  return {
    layers: [pointwise, ...dilated.flat(), pooled, project],
    forward: (executor, high) => {
      const [batch, height, width] = high.shape
      const branches = [
        executor.convBn(pointwise, high),
        ...dilated.map((layers) => layers.reduce((x, layer) => executor.convBn(layer, x), high)),
      ]
      const mean = executor.convBn(pooled, tf.reshape(globalMean(high), [batch, 1, 1, inChannels]))
      // Broadcast, not resize: exact, and the gradient of a resize from 1x1 is wrong on WebGPU.
      branches.push(constantMap(mean, { height, width }))
      return executor.convBn(project, tf.concat(branches, 3), 'aspp')
    },
  }
}
