/** The network's layers on tfjs's own operations and kernels: what one would write without kernels of one's own. */
import * as tf from '@tensorflow/tfjs'
import { type ConvBnLayer, type DropoutLayer, type Executor, padding } from '../../../../src/model/layers'
import { type Network, type ParameterSpec, parameterSpecs } from '../../../../src/model/network'
import { toDevice } from '../../../../src/weights/layout'
import type { NamedArrays } from '../../../../src/weights/safetensors'

import { explicit } from './gradients'

const EPSILON = 1e-5

export interface StockParameters {
  specs: ParameterSpec[]
  values: Map<string, tf.Variable>
}

export function stockParameters(network: Network, weights: NamedArrays): StockParameters {
  const specs = parameterSpecs(network)
  const values = new Map(
    specs.map((spec) => {
      const published = weights.get(spec.name)
      if (!published) throw new Error(`No weights for ${spec.name}.`)
      const array = toDevice(spec.kind, spec.shape, published.values)
      return [spec.name, tf.tidy(() => tf.variable(tf.tensor(array, spec.shape)))]
    }),
  )
  return { specs, values }
}

function convolve(layer: ConvBnLayer, x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const pad = explicit(padding(layer))
  return layer.isDepthwise
    ? tf.depthwiseConv2d(x, filter, layer.stride, pad, 'NHWC', layer.dilation)
    : tf.conv2d(x, filter, layer.stride, pad, 'NHWC', layer.dilation)
}

const ACTIVATIONS = {
  none: (x: tf.Tensor4D) => x,
  relu: (x: tf.Tensor4D) => tf.relu(x),
  relu6: (x: tf.Tensor4D) => tf.relu6(x),
}

/** Dropout as tf.dropout draws it; rates of the layers that are active. */
export type StockDropout = Partial<Record<DropoutLayer, number>>

/** Batch statistics and gradients. `statistics` collects [mean, variance] of each layer, kept for the caller. */
export function stockTrainingExecutor(
  { values }: StockParameters,
  rates: StockDropout,
  statistics: tf.Tensor[][],
): Executor {
  const parameter = <T extends tf.Tensor>(name: string) => values.get(name) as unknown as T
  const drop = (layer: DropoutLayer, x: tf.Tensor4D) => {
    const rate = rates[layer]
    return rate ? (tf.dropout(x, rate) as tf.Tensor4D) : x
  }
  return {
    convBn: (layer, x, dropout) => {
      const z = convolve(layer, x, parameter(`${layer.conv}.weight`))
      const { mean, variance } = tf.moments(z, [0, 1, 2])
      statistics.push([tf.keep(mean), tf.keep(variance)])
      const normalised = tf.batchNorm(
        z,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        parameter<tf.Tensor1D>(`${layer.norm}.bias`),
        parameter<tf.Tensor1D>(`${layer.norm}.weight`),
        EPSILON,
      )
      const y = ACTIVATIONS[layer.activation](normalised)
      return dropout ? drop(dropout, y) : y
    },
    classify: ({ name }, x) =>
      tf.add(tf.conv2d(x, parameter<tf.Tensor4D>(`${name}.weight`), 1, 'valid'), parameter(`${name}.bias`)),
    dropout: drop,
  }
}
