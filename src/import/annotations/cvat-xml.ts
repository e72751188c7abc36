/** "CVAT for images 1.1": an XML file of all images with their shapes. */
import type { XmlElement } from '@rgrove/parse-xml'
import { checkClassCount, type ListedClass } from '../../domain/classes'
import { AppError } from '../../domain/errors'
import { IGNORE } from '../../domain/labels'
import type { Size } from '../../domain/size'
import { colorOfText, isVoidName, oneLine } from '../class-files/names'
import { countOf } from '../layouts/paths'
import { type AnnotatedImage, type Annotations, checkSize, sizeOf } from './annotated'
import { ColumnCanvas } from './columns'
import { isOutside, type Paint, readShape, SHAPES } from './cvat-shape'
import { Faults } from './faults'
import { childrenOf, elementsOf, textOf, xmlRoot } from './xml'

const OVERLAPS = 'Where shapes of CVAT overlap, the one of the higher z_order lies above, then the later one.'

export function isCvat(text: string): boolean {
  return /<annotations[\s>]/.test(text) && /<(image|track)\s/.test(text)
}

/** @param text for which `isCvat` holds */
export function readCvat(path: string, text: string): Annotations {
  const found: Annotations = { path, tool: 'CVAT', classes: [], images: [], notes: [OVERLAPS], problems: [] }
  const root = xmlRoot(text)
  if (!root) {
    const problem = `"${path}" looks like an XML file of CVAT but is damaged; its annotations cannot be used.`
    return { ...found, problems: [{ path, problem, remedy: 'Export it again, as "CVAT for images 1.1".' }] }
  }
  const labels = new Labels(root)
  const faults = new Faults()
  const images = elementsOf(root, 'image').map((image) => readImage(image, labels, faults))
  try {
    checkClassCount(`"${path}"`, labels.classes.length)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ...found, problems: [{ path, problem: error.message, remedy: error.remedy }] }
  }
  const problems = faults.problems(path)
  const tracks = elementsOf(root, 'track').length
  if (tracks > 0) {
    const problem = `"${path}" holds ${countOf(tracks, 'track')} of a video, which cannot be used here.`
    problems.push({ path, problem, remedy: 'Export the frames as "CVAT for images 1.1" or "Segmentation mask 1.1".' })
  }
  return { ...found, classes: labels.classes, images, problems }
}

/** Classes by their names: first those that the file lists, then those that shapes bring along. */
class Labels {
  readonly classes: ListedClass[] = []
  private readonly ids = new Map<string, number>()

  constructor(root: XmlElement) {
    for (const label of elementsOf(root, 'labels').flatMap(childrenOf)) {
      this.idOf(textOf(label, 'name'), textOf(label, 'color'))
    }
  }

  /** 255 for a name that means void; beyond it there are too many classes. */
  idOf(text: string, color = ''): number {
    const name = oneLine(text)
    if (name === '' || isVoidName(name)) return IGNORE
    const id = this.ids.get(name) ?? this.classes.push({ name, color: colorOfText(color) }) - 1
    this.ids.set(name, id)
    return id
  }
}

function readImage(image: XmlElement, labels: Labels, faults: Faults): AnnotatedImage {
  const { name: fileName = '', width, height } = image.attributes
  const size = sizeOf(Number(height), Number(width))
  const shapes: { id: number; order: number; paint: Paint }[] = []
  for (const [i, { name, attributes }] of childrenOf(image).entries()) {
    if (name === 'tag') continue
    const subject = `${name} ${i + 1} of "${fileName}"`
    if (!SHAPES.has(name)) {
      faults.add(
        subject,
        'has no area that CVAT would put into a mask',
        'Outline it as a polygon, or paint it as a mask.',
      )
      continue
    }
    const paint = readShape(name, attributes)
    if (typeof paint === 'string') faults.add(subject, paint, 'Draw it anew in CVAT, and export again.')
    else if (size && isOutside(name, attributes, size)) {
      faults.add(subject, 'lies outside its image', 'See whether the image was resized.')
    } else shapes.push({ id: labels.idOf(attributes.label ?? ''), order: Number(attributes.z_order ?? 0) || 0, paint })
  }
  shapes.sort((a, b) => a.order - b.order)
  const draw = (asked: Size) => {
    checkSize(size, asked)
    const canvas = new ColumnCanvas(asked)
    for (const { id, paint } of shapes) paint(canvas, id)
    return canvas.rows()
  }
  return { fileName, size, isAnnotated: shapes.length > 0, draw }
}
