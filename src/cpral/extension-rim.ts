import { IGNORE } from '../domain/labels'
import type { Size } from '../domain/size'
import type { Extension } from './label-extension'

/**
 * An extension that also covers the given labels beside it, with their own classes and the highest confidence next to them. At the
 * network's input size one pixel stands for several of a larger image, of which some may have no label: without its rim, slivers
 * between what was painted and what was spread would stay open.
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
