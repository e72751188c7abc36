/** Annotations of other tools, which are recognised but not read: said with the way to masks. */
import type { FileProblem } from '../../domain/dataset'
import { countOf } from '../layouts/paths'
import { type Annotations, fieldsOf, isFields, isNumber, type Unread } from './annotated'

export const CITYSCAPES = 'Cityscapes'
const CVAT_MASKS = 'export "Segmentation mask 1.1" or "COCO 1.0" there'
const FROM_BOXES = `A box does not say which pixels are of the class. Outline the objects, for example in CVAT, and ${CVAT_MASKS}.`

type Known = [tool: string, what: string, remedy: string, count: (document: unknown) => number]

/** `count` gives the number of annotations, or -1 for any other document. */
const KNOWN_JSON: Known[] = [
  [
    'VGG Image Annotator',
    'regions of VGG Image Annotator',
    'In VIA, choose Annotation, Export Annotations (COCO format): COCO is read.',
    countVia,
  ],
  [
    'Label Studio',
    'annotations of Label Studio',
    'In Label Studio, export "COCO with images" for polygons, or "Brush labels to PNG" for brush strokes.',
    countLabelStudio,
  ],
  [
    'Supervisely',
    'objects of Supervisely',
    'In Supervisely, run "Export as masks" or "Export to COCO".',
    (document) => countOfFields(document, 'objects', ['classTitle'], ['size', 'objects']),
  ],
  [
    'VoTT',
    'regions of VoTT',
    `VoTT exports boxes only to other tools. Outline the objects in CVAT, and ${CVAT_MASKS}.`,
    (document) => countOfFields(document, 'regions', ['type'], ['asset', 'regions']),
  ],
  [
    CITYSCAPES,
    'polygons of Cityscapes',
    'Make masks of them with json2labelImg.py of cityscapesScripts, or add the *_labelIds.png files of gtFine.',
    (document) => countOfFields(document, 'objects', ['polygon'], ['imgHeight', 'imgWidth', 'objects']),
  ],
  [
    'COCO results',
    'results of a network in the form of COCO',
    'Put them into a whole COCO file, with "images", "categories" and "annotations".',
    (document) =>
      isFields(fieldsOf(document)[0]) && 'image_id' in fieldsOf(document)[0] ? fieldsOf(document).length : -1,
  ],
  ['CreateML', 'boxes of CreateML', FROM_BOXES, countCreateMl],
]

/** @param document parsed JSON */
export function unreadJson(path: string, document: unknown): Annotations | null {
  for (const [tool, what, remedy, count] of KNOWN_JSON) {
    const annotations = count(document)
    if (annotations >= 0) return unread(path, tool, { what, remedy, annotations })
  }
  return null
}

/** Boxes of Pascal VOC, by their tags alone; null for any other XML. */
export function unreadXml(path: string, text: string): Annotations | null {
  if (!/<annotation[\s>]/.test(text) || !/<(object|filename)[\s>]/.test(text)) return null
  const annotations = text.match(/<object[\s>]/g)?.length ?? 0
  if (/<polygon[\s>]/.test(text)) {
    const remedy = `Upload them to CVAT as "LabelMe 3.0", and ${CVAT_MASKS}.`
    return unread(path, 'LabelMe XML', { what: 'polygons in XML of LabelMe', annotations, remedy })
  }
  const remedy = `${FROM_BOXES} Masks of Pascal VOC lie in SegmentationClass.`
  return unread(path, 'Pascal VOC', { what: 'boxes of Pascal VOC', annotations, remedy })
}

/** Boxes and polygons of YOLO: a class and shares of the image's sides in each line; null for any other text. */
export function unreadYolo(path: string, text: string): Annotations | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const rows = lines.map((line) => line.trim().split(/\s+/).map(Number))
  const isRow = (row: number[]) =>
    row.length >= 5 && Number.isInteger(row[0]) && row.slice(1).every((share) => share >= 0 && share <= 1)
  if (rows.length === 0 || !rows.every(isRow)) return null
  const annotations = rows.length
  if (rows.every(({ length }) => length <= 6)) {
    return unread(path, 'YOLO', { what: 'boxes of YOLO', annotations, remedy: FROM_BOXES })
  }
  const remedy = `Upload them to CVAT as "Ultralytics YOLO Segmentation 1.0", and ${CVAT_MASKS}.`
  return unread(path, 'YOLO', { what: 'polygons of YOLO', annotations, remedy })
}

function unread(path: string, tool: string, found: Unread): Annotations {
  return { path, tool, classes: [], images: [], notes: [], problems: [], unread: found }
}

/** One sentence for all files of one kind. */
export function unreadProblems(files: readonly Annotations[]): FileProblem[] {
  const kinds = new Map<string, { paths: string[]; annotations: number; remedy: string }>()
  for (const { path, unread: found } of files) {
    if (!found) continue
    const kind = kinds.get(found.what) ?? { paths: [], annotations: 0, remedy: found.remedy }
    kinds.set(found.what, kind)
    kind.paths.push(path)
    kind.annotations += found.annotations
  }
  return [...kinds].map(([what, { paths, annotations, remedy }]) => {
    const more = paths.length > 1 ? ` and ${countOf(paths.length - 1, 'more file')} hold` : ' holds'
    return {
      path: paths[0],
      problem: `"${paths[0]}"${more} ${what}, which are not read here; ${countOf(annotations, 'annotation')} cannot be used.`,
      remedy,
    }
  })
}

/** The number of objects in a list, where all these keys are there and each object has `own`. */
function countOfFields(document: unknown, list: string, own: string[], keys: string[]): number {
  if (!isFields(document) || !keys.every((key) => key in document)) return -1
  const items = fieldsOf(document[list])
  return items.every((item) => own.every((key) => key in item)) ? items.length : -1
}

function countVia(document: unknown): number {
  if (!isFields(document)) return -1
  const list = isFields(document._via_img_metadata) ? document._via_img_metadata : document
  const files = Object.values(list).filter(isFields)
  if (files.length === 0 || !files.every((file) => 'filename' in file && 'regions' in file)) return -1
  const regions = files.map((file) => (isFields(file.regions) ? Object.values(file.regions) : fieldsOf(file.regions)))
  return regions.flat().length
}

function countLabelStudio(document: unknown): number {
  const tasks = fieldsOf(document)
  const done = tasks.flatMap(({ annotations, completions }) => fieldsOf(annotations ?? completions))
  const isTask = (task: Record<string, unknown>) =>
    isFields(task.data) && ('annotations' in task || 'completions' in task)
  if (tasks.length === 0 || !tasks.every(isTask)) return -1
  return done.flatMap(({ result }) => fieldsOf(result)).length
}

function countCreateMl(document: unknown): number {
  const images = fieldsOf(document)
  if (
    images.length === 0 ||
    !images.every((each) => typeof each.image === 'string' && Array.isArray(each.annotations))
  ) {
    return -1
  }
  const boxes = images.flatMap(({ annotations }) => fieldsOf(annotations))
  return boxes.every(({ coordinates }) => isFields(coordinates) && isNumber(coordinates.x)) ? boxes.length : -1
}
