/** COCO: images, categories, and annotations as polygons or run lengths. */
import { checkClassCount } from '../../domain/classes'
import type { FileProblem } from '../../domain/dataset'
import { AppError } from '../../domain/errors'
import { overlapOf, type Rectangle, type Size } from '../../domain/size'
import { type AnnotatedImage, type Annotations, checkSize, fieldsOf, isFields, sizeOf } from './annotated'
import { readCategories } from './categories'
import { extentOf, readSegmentation, type Segmentation, segmentationRuns } from './coco-segmentation'
import { ColumnCanvas, countPixels } from './columns'
import { Faults } from './faults'

interface Shape {
  classId: number
  isCrowd: boolean
  segmentation: Segmentation
}

interface ImageEntry {
  fileName: string
  size: Size | null
  shapes: Shape[]
}

const OVERLAPS =
  'Where annotations of COCO overlap, the smaller lies above the larger, and those of crowds (iscrowd) lie below all others.'
const GET_MASKS = 'In CVAT, upload them as COCO and export "Segmentation mask 1.1": masks as images are read.'

/** Of the files that exports hold. */
const OWN_DESCRIPTION = 'CPRAL Studio'

export function isCoco(document: unknown): boolean {
  return isFields(document) && Array.isArray(document.images) && Array.isArray(document.annotations)
}

/** @param document parsed JSON for which `isCoco` holds */
export function readCoco(path: string, document: unknown): Annotations {
  const found: Annotations = { path, tool: 'COCO', classes: [], images: [], notes: [], problems: [] }
  if (!isFields(document)) return found
  const annotations = fieldsOf(document.annotations)
  if (annotations.some((each) => Array.isArray(each.segments_info))) {
    const problem = `"${path}" holds panoptic annotations of COCO, which are not read; ${annotations.length} are not used.`
    const remedy = 'Convert them to masks of classes with panoptic2semantic_segmentation.py of panopticapi.'
    return { ...found, problems: [{ path, problem, remedy }] }
  }
  const used = new Set(annotations.map((each) => each.category_id))
  const isOwn = isFields(document.info) && document.info.description === OWN_DESCRIPTION
  const { classes, idOf, problems } = readCategories(path, document.categories, used, isOwn)
  try {
    checkClassCount(`"${path}"`, classes.length)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ...found, problems: [{ path, problem: error.message, remedy: error.remedy }] }
  }
  const faults = new Faults()
  const entries = readImages(fieldsOf(document.images), faults)
  const boxes = readShapes(annotations, entries, idOf, faults)
  if (boxes > 0) problems.push(boxesProblem(path, boxes))
  problems.push(...faults.problems(path))
  const images = [...entries.values()]
  const notes = images.some(({ shapes }) => mayOverlap(shapes)) ? [OVERLAPS] : []
  return { ...found, classes, images: images.map(annotatedImage), notes, problems }
}

function readImages(list: readonly Record<string, unknown>[], faults: Faults): Map<unknown, ImageEntry> {
  const entries = new Map<unknown, ImageEntry>()
  for (const { id, file_name, width, height } of list) {
    const name = `image ${JSON.stringify(id)}`
    if (typeof file_name !== 'string' || file_name === '') {
      faults.add(name, 'has no file_name', 'Say which file it is.')
    } else if (entries.has(id)) {
      faults.add(`"${file_name}"`, 'has the id of an earlier image', 'Give each image an id of its own.')
    } else {
      entries.set(id, { fileName: file_name, size: sizeOf(height, width), shapes: [] })
    }
  }
  return entries
}

/** Puts the annotations to their images. Returns the number of those that are boxes only. */
function readShapes(
  annotations: readonly Record<string, unknown>[],
  entries: ReadonlyMap<unknown, ImageEntry>,
  idOf: ReadonlyMap<unknown, number>,
  faults: Faults,
): number {
  let boxes = 0
  for (const { id, image_id, category_id, iscrowd, segmentation: value } of annotations) {
    const name = `annotation ${JSON.stringify(id)}`
    const image = entries.get(image_id)
    const classId = idOf.get(category_id)
    if (isEmpty(value)) boxes++
    else if (!image) faults.add(name, 'is of an image_id that no image has', 'List its image in the file.')
    else if (classId === undefined) {
      faults.add(name, 'is of a category_id that no category has', 'List its category in the file.')
    } else {
      const { segmentation, fault } = readSegmentation(value, image.size)
      if (fault) faults.add(name, fault, 'Draw it anew in the tool that wrote the file.')
      else if (segmentation && isOutside(segmentation, image.size)) {
        faults.add(name, 'lies outside its image', 'See whether the image was resized, or the coordinates are shares.')
      }
      if (segmentation) image.shapes.push({ classId, isCrowd: iscrowd === 1 || iscrowd === true, segmentation })
    }
  }
  return boxes
}

function isEmpty(segmentation: unknown): boolean {
  if (Array.isArray(segmentation)) return segmentation.length === 0
  return segmentation === undefined || segmentation === null || (isFields(segmentation) && !segmentation.counts)
}

function isOutside(segmentation: Segmentation, size: Size | null): boolean {
  const extent = extentOf(segmentation)
  if (!size || !extent) return false
  return (
    extent.x >= size.width || extent.y >= size.height || extent.x + extent.width <= 0 || extent.y + extent.height <= 0
  )
}

function boxesProblem(path: string, boxes: number): FileProblem {
  const count = boxes === 1 ? '1 annotation is a box' : `${boxes} annotations are boxes`
  return {
    path,
    problem: `In "${path}", ${count} without an outline (segmentation): not used, for a box does not say which pixels are of the class.`,
    remedy: `Outline the objects, for example in CVAT from the boxes with Segment Anything. ${GET_MASKS}`,
  }
}

/** Whether two shapes of different classes may have a pixel in common. */
function mayOverlap(shapes: readonly Shape[]): boolean {
  const extents: { classId: number; extent: Rectangle }[] = []
  for (const { classId, segmentation } of shapes) {
    const extent = extentOf(segmentation)
    if (!extent) continue
    if (extents.some((other) => other.classId !== classId && overlapOf(other.extent, extent))) return true
    extents.push({ classId, extent })
  }
  return false
}

function annotatedImage({ fileName, size, shapes }: ImageEntry): AnnotatedImage {
  const own = size ?? shapes.map(({ segmentation }) => segmentation).find((each) => each.kind === 'runs')?.size ?? null
  return {
    fileName,
    size: own,
    isAnnotated: shapes.length > 0,
    draw: (asked) => {
      checkSize(own, asked)
      return drawShapes(shapes, asked)
    },
  }
}

/** The largest lies lowest, crowds below all others; of equal ones the later lies above. */
function drawShapes(shapes: readonly Shape[], size: Size): Uint8Array {
  const canvas = new ColumnCanvas(size)
  const drawn = shapes.map(({ segmentation, ...rest }) => {
    const parts = segmentationRuns(segmentation, size)
    return { ...rest, parts, pixels: parts.reduce((sum, runs) => sum + countPixels(runs), 0) }
  })
  drawn.sort((a, b) => Number(b.isCrowd) - Number(a.isCrowd) || b.pixels - a.pixels)
  for (const { parts, classId } of drawn) for (const runs of parts) canvas.paint(runs, classId)
  return canvas.rows()
}
