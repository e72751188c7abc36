import { IGNORE } from '../domain/labels'
import type { Size } from '../domain/size'
import type { Extension } from './label-extension'

/**
 * An extension that also covers the given labels next to it, with their own classes and the highest confidence beside
 * them. A pixel at the network's input size stands for several of a larger image, and some of these may have no label:
 * without the rim, slivers would stay open between painted and spread labels.
 * @param given H*W class ids of the labels that were extended; 255 is passed over
 */
export function withRim({ classes, confidence }: Extension, given: Uint8Array, { width, height }: Size): Extension {
  const rimmed: Extension = { classes: classes.slice(), confidence: confidence.slice() }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (classes[at] !== IGNORE || given[at] === IGNORE) continue
      let highest = 0
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const neighbour = ny * width + nx
          if (classes[neighbour] !== IGNORE) highest = Math.max(highest, confidence[neighbour])
        }
      }
      if (highest === 0) continue
      rimmed.classes[at] = given[at]
      rimmed.confidence[at] = highest
    }
  }
  return rimmed
}
