/** COCO: one annotation for each class of each image, as a compressed run-length encoded mask. */
import { IGNORE } from '../domain/labels'
import type { ExportedImage, ExportedProject, Exporter, ExportFile } from './export-format'
import { JsonItems } from './json-items'
import { compressRuns } from './run-lengths'

interface CocoImage {
  id: number
  file_name: string
  width: number
  height: number
}

interface CocoAnnotation {
  id: number
  image_id: number
  category_id: number
  /** 1 would say that several objects are one; many readers leave such annotations out. */
  iscrowd: 0
  area: number
  /** x, y, width, height. */
  bbox: [number, number, number, number]
  segmentation: { counts: string; size: [height: number, width: number] }
}

/**
 * `annotations/stuff_<split>.json`. Categories count from 1 in the order of the classes; what is not labelled is in no
 * mask.
 */
export function cocoExporter({ palette }: ExportedProject): Exporter {
  const splits = new Map<string, { images: JsonItems<CocoImage>; annotations: JsonItems<CocoAnnotation> }>()
  let lastImage = 0
  let lastAnnotation = 0
  const categories = palette.map(({ name, color }, id) => ({ id: id + 1, name, color, supercategory: '' }))
  const head = JSON.stringify({ info: { description: 'CPRAL Studio' }, licenses: [], categories }).slice(0, -1)
  return {
    image: (image) => {
      const split = splits.get(image.split) ?? { images: new JsonItems(), annotations: new JsonItems() }
      splits.set(image.split, split)
      const { height, width } = image.size
      const id = ++lastImage
      split.images.add({ id, file_name: image.fileName, width, height })
      for (const [classId, mask] of masksOf(image)) {
        split.annotations.add({ id: ++lastAnnotation, image_id: id, category_id: classId + 1, iscrowd: 0, ...mask })
      }
      return []
    },
    finish: () =>
      [...splits].map(([split, { images, annotations }]): ExportFile => {
        const parts = [head, ',"images":[', ...images.parts(), '],"annotations":[', ...annotations.parts(), ']}']
        return { path: `annotations/stuff_${split}.json`, content: new Blob(parts) }
      }),
  }
}

type Mask = Pick<CocoAnnotation, 'area' | 'bbox' | 'segmentation'>

/** Run lengths of every class of an image, column by column, beginning with a run outside. */
function masksOf({ classes, size }: ExportedImage): Map<number, Mask> {
  const { height, width } = size
  const found = new Map<number, { counts: number[]; end: number; area: number; box: number[] }>()
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const id = classes[y * width + x]
      if (id === IGNORE) continue
      const at = x * height + y
      let mask = found.get(id)
      if (!mask) {
        mask = { counts: [], end: 0, area: 0, box: [x, y, x, y] }
        found.set(id, mask)
      }
      const continues = mask.counts.length > 0 && mask.end === at
      if (continues) mask.counts[mask.counts.length - 1]++
      else mask.counts.push(at - mask.end, 1)
      mask.end = at + 1
      mask.area++
      const [left, top, right, bottom] = mask.box
      mask.box = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)]
    }
  }
  return new Map(
    [...found]
      .sort(([a], [b]) => a - b)
      .map(([id, { counts, end, area, box }]) => {
        const rest = height * width - end
        if (rest > 0) counts.push(rest)
        const [left, top, right, bottom] = box
        const segmentation: Mask['segmentation'] = { counts: compressRuns(counts), size: [height, width] }
        return [id, { area, bbox: [left, top, right - left + 1, bottom - top + 1], segmentation }]
      }),
  )
}
