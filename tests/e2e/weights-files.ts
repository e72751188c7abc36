/** Complete weights files of all zeros: what an import looks at is there. */
import { buildEncoder } from '../../src/model/encoders.ts'
import { filterShape } from '../../src/model/layers.ts'
import { publishedShape } from '../../src/weights/layout.ts'
import { type NamedArrays, writeSafetensors } from '../../src/weights/safetensors.ts'

/** MobileNetV2 weights with torchvision's names. */
export function mobileNetFile(width: number): Uint8Array<ArrayBuffer> {
  const arrays: NamedArrays = new Map()
  const add = (name: string, shape: number[]) => {
    arrays.set(name, { shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) })
  }
  const network = { encoder: 'mobilenetv2', width, channels: 8, separable: true, firstExpansion: false } as const
  for (const layer of buildEncoder(network).layers) {
    add(`${layer.conv}.weight`, publishedShape(layer.isDepthwise ? 'depthwise-filter' : 'filter', filterShape(layer)))
    for (const ending of ['weight', 'bias', 'running_mean', 'running_var']) {
      add(`${layer.norm}.${ending}`, [layer.outChannels])
    }
  }
  return new Uint8Array(writeSafetensors(arrays))
}
