/** Gives published encoder weights our names, and checks that they are complete and of the right shape. */
import { AppError } from '../domain/errors'
import { publishedShape } from '../weights/layout'
import { namingOf, refuseUnread, type Suffix, type WeightsNaming } from '../weights/naming'
import type { NamedArrays } from '../weights/safetensors'
import type { Encoder } from './encoder'
import { type ConvBnLayer, filterShape } from './layers'

const NORM_SUFFIXES: Suffix[] = ['weight', 'bias', 'running_mean', 'running_var']

/**
 * The encoder's arrays under our names; the rest of the file, such as a classifier, is left out.
 * @throws AppError 'bad_file' naming the first tensor that is missing or does not fit, with both shapes
 */
export function importWeights(arrays: NamedArrays, encoder: Encoder, fileName: string): NamedArrays {
  const naming = namingOf(arrays, fileName)
  const imported: NamedArrays = new Map()
  for (const layer of encoder.layers) {
    for (const { ours, theirs, shape } of tensorsOf(layer, naming)) {
      const array = arrays.get(theirs)
      if (!array) {
        refuseUnread(arrays, theirs, fileName)
        throw new AppError(
          'bad_file',
          `The weights file "${fileName}" has no tensor "${theirs}" of shape [${shape}].`,
          `It looks like ${naming.encoder} weights named as ${naming.label} does, but is incomplete. Choose another file.`,
        )
      }
      if (array.shape.join() !== shape.join()) {
        throw new AppError(
          'bad_file',
          `The weights file "${fileName}" has "${theirs}" of shape [${array.shape}], but this network needs [${shape}].`,
          'Choose weights of the same width, or change the preset.',
        )
      }
      imported.set(ours, array)
    }
  }
  return imported
}

interface WantedTensor {
  ours: string
  theirs: string
  shape: number[]
}

function tensorsOf(layer: ConvBnLayer, naming: WeightsNaming): WantedTensor[] {
  const filter = {
    ours: `${layer.conv}.weight`,
    theirs: naming.tensor(layer.conv, 'conv', 'weight'),
    shape: publishedShape(layer.isDepthwise ? 'depthwise-filter' : 'filter', filterShape(layer)),
  }
  const norms = NORM_SUFFIXES.map((suffix) => ({
    ours: `${layer.norm}.${suffix}`,
    theirs: naming.tensor(layer.norm, 'norm', suffix),
    shape: [layer.outChannels],
  }))
  return [filter, ...norms]
}
