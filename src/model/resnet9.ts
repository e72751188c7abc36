/**
 * A shallow residual network at output stride 16 (ours): nine dense convolutions, which learn from scratch in the few
 * hundred steps in which the fifty of MobileNetV2 hardly begin to.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Encoder } from './encoder'
import { type ConvBnLayer, convBn, scaleChannels } from './layers'

/** Channels at 1/2, 1/4, 1/8 and 1/16 of the input size. */
const CHANNELS = [16, 32, 64, 96] as const

/** A convolution that halves the size or keeps it, and the residual block behind it, if any. */
interface Row {
  entry: ConvBnLayer
  residual: { first: ConvBnLayer; second: ConvBnLayer } | null
}

/** `width` multiplies every channel count. There are no published weights. */
export function resnet9(width: number): Encoder {
  const [half, quarter, eighth, sixteenth] = CHANNELS.map((channels) => scaleChannels(channels, width))
  const rows = [
    row('layer1', 3, half, { stride: 2, isResidual: false }),
    row('layer2', half, quarter, { stride: 2, isResidual: false }),
    row('layer3', quarter, quarter, { stride: 1, isResidual: false }),
    row('layer4', quarter, eighth, { stride: 2, isResidual: true }),
    row('layer5', eighth, sixteenth, { stride: 2, isResidual: true }),
  ]
  return {
    layers: rows.flatMap(({ entry, residual }) => [entry, ...(residual ? [residual.first, residual.second] : [])]),
    outputStride: 16,
    highChannels: sixteenth,
    lowChannels: quarter,
    tapChannels: [quarter, quarter, eighth, eighth, sixteenth, sixteenth],
    forward: (executor, images) => {
      const maps: tf.Tensor4D[] = []
      let x = images
      for (const { entry, residual } of rows) {
        x = executor.convBn(entry, x)
        maps.push(x)
        if (!residual) continue
        const change = executor.convBn(residual.second, executor.convBn(residual.first, x))
        x = tf.relu(tf.add(x, change))
        maps.push(x)
      }
      return { high: x, low: maps[2], taps: maps.slice(1) }
    },
  }
}

function row(
  name: string,
  inChannels: number,
  outChannels: number,
  { stride, isResidual }: { stride: number; isResidual: boolean },
): Row {
  const names = (i: number) => ({ conv: `${name}.conv${i}`, norm: `${name}.bn${i}` })
  const layer = (i: number, channels: number, options = {}) =>
    convBn(names(i), 'encoder', channels, outChannels, { kernel: 3, ...options })
  return {
    entry: layer(1, inChannels, { stride }),
    residual: isResidual
      ? { first: layer(2, outChannels), second: layer(3, outChannels, { activation: 'none' }) }
      : null,
  }
}
