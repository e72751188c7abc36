/** MobileNetV2 encoder (Sandler et al. 2018) at output stride 16, as DeepLabV3+ uses it. */
import type * as tf from '@tensorflow/tfjs-core'
import { add } from '@tensorflow/tfjs-core'
import type { NetworkConfig } from '../domain/config'
import { MOBILENETV2_ROWS } from '../weights/naming'
import type { Encoder } from './encoder'
import { type ConvBnLayer, convBn, type Executor, scaleChannels } from './layers'

/** Blocks (numbered from 1; 0 is the stem) whose outputs the rating head taps. */
const TAPPED_BLOCKS = [3, 6, 10, 13, 16, 17]
/** Block whose output is the decoder's low-level map, at 1/4 of the input size. */
const LOW_LEVEL_BLOCK = 3

interface InvertedResidual {
  expand: ConvBnLayer | null
  depthwise: ConvBnLayer
  project: ConvBnLayer
  isResidual: boolean
}

export function mobileNetV2(config: NetworkConfig): Encoder {
  const stemChannels = scaleChannels(32, config.width)
  const stem = convBn({ conv: 'features.0.0', norm: 'features.0.1' }, 'encoder', 3, stemChannels, {
    kernel: 3,
    stride: 2,
    activation: 'relu6',
  })
  const blocks: InvertedResidual[] = []
  let channels = stemChannels
  for (const [expansion, rowChannels, count, stride, dilation] of MOBILENETV2_ROWS) {
    const outChannels = scaleChannels(rowChannels, config.width)
    for (let i = 0; i < count; i++) {
      const hasExpansion = expansion > 1 || config.firstExpansion
      blocks.push(
        invertedResidual(`features.${blocks.length + 1}`, {
          inChannels: channels,
          outChannels,
          expansion,
          hasExpansion,
          stride: i === 0 ? stride : 1,
          dilation,
        }),
      )
      channels = outChannels
    }
  }
  const channelsAfter = (block: number) => (blocks[block - 1] as InvertedResidual).project.outChannels
  return {
    layers: [stem, ...blocks.flatMap((b) => [...(b.expand ? [b.expand] : []), b.depthwise, b.project])],
    outputStride: 16,
    highChannels: channels,
    lowChannels: channelsAfter(LOW_LEVEL_BLOCK),
    tapChannels: TAPPED_BLOCKS.map(channelsAfter),
    forward: (executor, images) => {
      const outputs = [executor.convBn(stem, images)]
      for (const block of blocks) outputs.push(forwardBlock(executor, block, outputs.at(-1) as tf.Tensor4D))
      return {
        high: outputs.at(-1) as tf.Tensor4D,
        low: outputs[LOW_LEVEL_BLOCK] as tf.Tensor4D,
        taps: TAPPED_BLOCKS.map((block) => outputs[block] as tf.Tensor4D),
      }
    },
  }
}

interface BlockShape {
  inChannels: number
  outChannels: number
  expansion: number
  hasExpansion: boolean
  stride: number
  dilation: number
}

function invertedResidual(prefix: string, shape: BlockShape): InvertedResidual {
  const { inChannels, outChannels, expansion, hasExpansion, stride, dilation } = shape
  const hidden = inChannels * expansion
  // Without an expansion the published files number the remaining convolutions from 0.
  const first = hasExpansion ? 1 : 0
  return {
    expand: hasExpansion
      ? convBn({ conv: `${prefix}.conv.0.0`, norm: `${prefix}.conv.0.1` }, 'encoder', inChannels, hidden, {
          activation: 'relu6',
        })
      : null,
    depthwise: convBn(
      { conv: `${prefix}.conv.${first}.0`, norm: `${prefix}.conv.${first}.1` },
      'encoder',
      hidden,
      hidden,
      { kernel: 3, stride, dilation, isDepthwise: true, activation: 'relu6' },
    ),
    project: convBn(
      { conv: `${prefix}.conv.${first + 1}`, norm: `${prefix}.conv.${first + 2}` },
      'encoder',
      hidden,
      outChannels,
      { activation: 'none' },
    ),
    isResidual: stride === 1 && inChannels === outChannels,
  }
}

function forwardBlock(executor: Executor, block: InvertedResidual, x: tf.Tensor4D): tf.Tensor4D {
  const expanded = block.expand ? executor.convBn(block.expand, x) : x
  const filtered = executor.convBn(block.depthwise, expanded)
  const projected = executor.convBn(block.project, filtered)
  return block.isResidual ? add(x, projected) : projected
}
