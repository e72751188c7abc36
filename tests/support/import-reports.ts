/** Reports about folders that were never on a disk, and the pictures that go with them. */
import { generatedColor } from '../../src/domain/classes'
import type { FileGroup, FileProblem, PairPreview, ScanReport, ScanRequest } from '../../src/domain/dataset'

const NAMES = ['road', 'building', 'sky', 'vegetation', 'car', 'traffic sign', 'person', 'pole']

interface Drawn {
  classes?: number
  groups?: number
  items?: number
  voidShare?: number
  problems?: FileProblem[]
  hasQuestions?: boolean
}

export function heicProblems(count: number): FileProblem[] {
  return Array.from({ length: count }, (_, i) => {
    const path = `photos/holiday/IMG_${1000 + i}.heic`
    return {
      path,
      problem: `"${path}" is a HEIC image, which browsers do not open; it was left out.`,
      remedy: 'Save it as JPEG: on an iPhone, Settings > Camera > Formats > Most Compatible.',
    }
  })
}

function groupsOf(count: number): FileGroup[] {
  const groups: FileGroup[] = [
    {
      id: 'images/*.jpg',
      pattern: 'images/*.jpg',
      role: 'image',
      files: 120,
      reason: 'They are photos.',
      isSure: true,
      example: 'images/a.jpg',
    },
    {
      id: 'SegmentationClass/*.png',
      pattern: 'SegmentationClass/*.png',
      role: 'mask',
      files: 117,
      reason: 'Their names say so, and they look like masks.',
      isSure: true,
      example: 'SegmentationClass/a.png',
    },
    {
      id: 'SegmentationClassAug/*.png',
      pattern: 'SegmentationClassAug/*.png',
      role: 'ignored',
      files: 120,
      reason: 'Another set of masks is used for these images.',
      isSure: true,
      example: 'SegmentationClassAug/a.png',
    },
    {
      id: 'old/drawings/*_v2.png',
      pattern: 'old/drawings/*_v2.png',
      role: 'image',
      files: 7,
      reason: 'They look like masks, but there are no images of their names.',
      isSure: false,
      example: 'old/drawings/a_v2.png',
    },
  ]
  const more = Array.from({ length: Math.max(0, count - 4) }, (_, i): FileGroup => {
    const pattern = `session-${i + 1}/camera/*.png`
    return { ...groups[0], id: pattern, pattern, files: 3 + i, example: `${pattern.slice(0, -5)}a.png` }
  })
  return [...groups.slice(0, count), ...more]
}

const QUESTIONS: ScanReport['questions'] = [
  {
    id: 'mask-set',
    question: 'These images have several sets of masks. Which are their labels?',
    options: [
      {
        value: 'SegmentationClass',
        label: 'SegmentationClass/*.png (for 117 images)',
        example: 'SegmentationClass/a.png',
      },
      {
        value: 'SegmentationClassAug',
        label: 'SegmentationClassAug/*.png (for 120 images)',
        example: 'SegmentationClassAug/a.png',
      },
    ],
    answer: 'SegmentationClass',
  },
  {
    id: 'grey-255',
    question: 'Value 255 is on 3 % of the pixels, and no file names it. What is it?',
    options: [
      { value: 'void', label: 'Void: these pixels have no class' },
      { value: 'class', label: 'A class of its own' },
    ],
    answer: 'void',
  },
  {
    id: 'encoding',
    question: 'In which encoding is "classes.txt"?',
    options: ['windows-1252', 'gbk', 'shift_jis', 'euc-kr', 'big5', 'koi8-r', 'iso-8859-2'].map((value) => {
      return { value, label: `${value}: Straße, Gebäude, Büsche` }
    }),
    answer: 'windows-1252',
  },
]

/** What a scan with this request would find. */
export function reportOf(
  { roles = {}, answers = {}, keepsUnmasked = true, format }: ScanRequest,
  { classes = 8, groups = 4, items = 120, voidShare = 0.06, problems = [], hasQuestions = true }: Drawn = {},
): ScanReport {
  const count = classes + (answers['grey-255'] === 'class' ? 1 : 0)
  const shares = Array.from({ length: count }, (_, id) => (id === 7 ? 0 : 1 / (id + 1) ** 2))
  const sum = shares.reduce((a, b) => a + b, 0)
  return {
    plan: JSON.stringify([roles, answers, keepsUnmasked, format]),
    format: format ?? 'generic',
    description:
      'Images and masks, from "images" and "SegmentationClass". No split for validation: 24 of 120 images were drawn for it. Value 255 is taken for void.',
    classes: Array.from({ length: count }, (_, id) => ({
      name: NAMES[id] ?? `class ${id}`,
      color: generatedColor(id),
    })),
    classSource: 'Names and colours are from "label_colors.txt".',
    classShares: shares.map((share, id) => {
      return { share: (share / sum) * (1 - voidShare), images: share === 0 ? 0 : Math.max(1, items - 9 * id) }
    }),
    voidShare,
    splits: [
      {
        split: 'train',
        images: Math.ceil(0.8 * items),
        masks: Math.max(0, Math.ceil(0.8 * items) - (keepsUnmasked ? 3 : 0)),
      },
      { split: 'val', images: Math.floor(0.2 * items), masks: Math.floor(0.2 * items) },
    ],
    unmasked: { images: 3, void: 1, isKept: keepsUnmasked },
    groups: groupsOf(groups).map((group) => ({
      ...group,
      ...(roles[group.id] && { role: roles[group.id], reason: 'You chose this.', isSure: true }),
    })),
    questions: hasQuestions
      ? QUESTIONS.map((question) => ({ ...question, answer: answers[question.id] ?? question.answer }))
      : [],
    items,
    problems,
  }
}

export interface Scene {
  image: ImageBitmap
  classIds: Uint8Array
}

/** A street with a house, drawn by rectangles, with class ids. */
export async function drawnScene(index: number, { width, height } = { width: 320, height: 200 }): Promise<Scene> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const classIds = new Uint8Array(width * height)
  const rectangle = (classId: number, color: string, [x, y, w, h]: [number, number, number, number]) => {
    context.fillStyle = color
    context.fillRect(x, y, w, h)
    for (let row = Math.max(0, y); row < Math.min(height, y + h); row++) {
      classIds.fill(classId, row * width + Math.max(0, x), row * width + Math.max(0, Math.min(width, x + w)))
    }
  }
  rectangle(2, '#9fc4e8', [0, 0, width, height])
  rectangle(0, '#6b6b70', [0, 130, width, 70])
  rectangle(1, '#a5754d', [20 + ((index * 23) % 160), 40, 100, 92])
  rectangle(3, '#4c7a3a', [200 - ((index * 17) % 120), 70, 60, 64])
  rectangle(4, '#b02a30', [(index * 41) % 240, 140, 56, 30])
  rectangle(255, '#d8d8d8', [0, 192, width, 8])
  return { image: await createImageBitmap(canvas), classIds }
}

export async function drawnPair(index: number): Promise<PairPreview> {
  const { image, classIds } = await drawnScene(index)
  return { name: `images/scene-${index}`, maskPath: `SegmentationClass/scene-${index}.png`, image, classIds }
}
