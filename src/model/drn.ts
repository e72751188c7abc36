/** Dilated residual networks DRN-D-22, -38 and -54 (Yu, Koltun, Funkhouser 2017) at output stride 8. */
import * as tf from '@tensorflow/tfjs-core'
import type { DrnName } from '../domain/config'
import type { Encoder } from './encoder'
import { type ConvBnLayer, convBn, type Executor, scaleChannels } from './layers'

/** Blocks per layer 1..8, and whether the residual ones are bottlenecks. */
const VARIANTS: Record<DrnName, { blocks: number[]; isBottleneck: boolean }> = {
  'drn-d-22': { blocks: [1, 1, 2, 2, 2, 2, 1, 1], isBottleneck: false },
  'drn-d-38': { blocks: [1, 1, 3, 4, 6, 3, 1, 1], isBottleneck: false },
  'drn-d-54': { blocks: [1, 1, 3, 4, 6, 3, 1, 1], isBottleneck: true },
}

/** Channels, stride of the first block, dilation, residual blocks or plain convolutions: layers 1..8. */
const LAYERS = [
  { channels: 16, stride: 1, dilation: 1, isResidual: false },
  { channels: 32, stride: 2, dilation: 1, isResidual: false },
  { channels: 64, stride: 2, dilation: 1, isResidual: true },
  { channels: 128, stride: 2, dilation: 1, isResidual: true },
  { channels: 256, stride: 1, dilation: 2, isResidual: true },
  { channels: 512, stride: 1, dilation: 4, isResidual: true },
  { channels: 512, stride: 1, dilation: 2, isResidual: false },
  { channels: 512, stride: 1, dilation: 1, isResidual: false },
] as const

const STEM_CHANNELS = 16
/** A bottleneck's output has this many times the channels of its 3x3 convolution. */
const BOTTLENECK_EXPANSION = 4
/**
 * Layers whose outputs the rating head taps; the first one is also the decoder's low-level map, at 1/4 of the input
 * size.
 */
const FIRST_TAPPED_LAYER = 3

/** One or more convolutions in a row, plus a residual connection or none. */
interface Block {
  convolutions: ConvBnLayer[]
  /** `projection` brings the block's input to its output's shape; null where they agree. */
  residual: { projection: ConvBnLayer | null } | null
  outChannels: number
}

/** `width` multiplies every channel count; the published weights have width 1. */
export function drn(name: DrnName, width: number): Encoder {
  const { blocks, isBottleneck } = VARIANTS[name]
  const stemChannels = scaleChannels(STEM_CHANNELS, width)
  const stem = plainBlock('layer0', 0, 3, stemChannels, { kernel: 7 })
  const layers: Block[][] = [[stem]]
  let inChannels = stemChannels
  LAYERS.forEach((layer, index) => {
    const row: Block[] = []
    const channels = scaleChannels(layer.channels, width)
    for (let i = 0; i < (blocks[index] as number); i++) {
      const prefix = `layer${index + 1}`
      const stride = i === 0 ? layer.stride : 1
      const block = layer.isResidual
        ? residualBlock(`${prefix}.${i}`, { ...layer, channels, stride, inChannels, isBottleneck })
        : plainBlock(prefix, i, inChannels, channels, { kernel: 3, stride, dilation: layer.dilation })
      row.push(block)
      inChannels = block.outChannels
    }
    layers.push(row)
  })
  const tapChannels = layers.slice(FIRST_TAPPED_LAYER).map((row) => (row.at(-1) as Block).outChannels)
  return {
    layers: layers.flat().flatMap(({ convolutions, residual }) => {
      return [...convolutions, ...(residual?.projection ? [residual.projection] : [])]
    }),
    outputStride: 8,
    highChannels: inChannels,
    lowChannels: tapChannels[0] as number,
    tapChannels,
    forward: (executor, images) => {
      const outputs: tf.Tensor4D[] = []
      let x = images
      for (const row of layers) {
        for (const block of row) x = forwardBlock(executor, block, x)
        outputs.push(x)
      }
      return { high: x, low: outputs[FIRST_TAPPED_LAYER] as tf.Tensor4D, taps: outputs.slice(FIRST_TAPPED_LAYER) }
    },
  }
}

/** The published files number a layer's plain convolutions conv, norm, ReLU, conv, ... from 0. */
function plainBlock(
  prefix: string,
  index: number,
  inChannels: number,
  outChannels: number,
  options: { kernel: number; stride?: number; dilation?: number },
): Block {
  const names = { conv: `${prefix}.${3 * index}`, norm: `${prefix}.${3 * index + 1}` }
  return { convolutions: [convBn(names, 'encoder', inChannels, outChannels, options)], residual: null, outChannels }
}

interface ResidualShape {
  inChannels: number
  /** Channels of the 3x3 convolutions. */
  channels: number
  stride: number
  dilation: number
  isBottleneck: boolean
}

/** Two 3x3 convolutions, or 1x1, 3x3, 1x1; the last ReLU comes after the sum. Both 3x3 have the layer's dilation. */
function residualBlock(prefix: string, shape: ResidualShape): Block {
  const { inChannels, channels, stride, dilation, isBottleneck } = shape
  const outChannels = isBottleneck ? BOTTLENECK_EXPANSION * channels : channels
  const names = (i: number) => ({ conv: `${prefix}.conv${i}`, norm: `${prefix}.bn${i}` })
  const convolutions = isBottleneck
    ? [
        convBn(names(1), 'encoder', inChannels, channels),
        convBn(names(2), 'encoder', channels, channels, { kernel: 3, stride, dilation }),
        convBn(names(3), 'encoder', channels, outChannels, { activation: 'none' }),
      ]
    : [
        convBn(names(1), 'encoder', inChannels, channels, { kernel: 3, stride, dilation }),
        convBn(names(2), 'encoder', channels, channels, { kernel: 3, dilation, activation: 'none' }),
      ]
  const projectionNames = { conv: `${prefix}.downsample.0`, norm: `${prefix}.downsample.1` }
  const projection =
    stride === 1 && inChannels === outChannels
      ? null
      : convBn(projectionNames, 'encoder', inChannels, outChannels, { stride, activation: 'none' })
  return { convolutions, residual: { projection }, outChannels }
}

function forwardBlock(executor: Executor, { convolutions, residual }: Block, x: tf.Tensor4D): tf.Tensor4D {
  const y = convolutions.reduce((input, layer) => executor.convBn(layer, input), x)
  if (!residual) return y
  const identity = residual.projection ? executor.convBn(residual.projection, x) : x
  return tf.relu(tf.add(identity, y))
}
