/**
 * Classes: the kinds of things that pixels are labelled as, such as "road" or "car". A class's id is its position in
 * the project's list. Names and colours of the known datasets are those of Cityscapes' labels.py and of SegNet's test
 * script for CamVid.
 */
import type { Color } from './color'
import { COLOR_BLIND_PALETTE } from './color-blind-palette'
import { AppError } from './errors'

/** One class: its name, and the colour that its pixels are drawn in. */
export interface ClassDefinition {
  name: string
  color: Color
}

/** A class as a file lists it; `color` is null where the file gives none. */
export interface ListedClass {
  name: string
  color: Color | null
}

/** The name of a class on one line: every list of classes has one line for each. */
export function oneLineName(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

/** The 19 classes that Cityscapes and BDD100K evaluate, in the order of their trainId. */
export const CITYSCAPES_CLASSES: ClassDefinition[] = [
  { name: 'road', color: [128, 64, 128] },
  { name: 'sidewalk', color: [244, 35, 232] },
  { name: 'building', color: [70, 70, 70] },
  { name: 'wall', color: [102, 102, 156] },
  { name: 'fence', color: [190, 153, 153] },
  { name: 'pole', color: [153, 153, 153] },
  { name: 'traffic light', color: [250, 170, 30] },
  { name: 'traffic sign', color: [220, 220, 0] },
  { name: 'vegetation', color: [107, 142, 35] },
  { name: 'terrain', color: [152, 251, 152] },
  { name: 'sky', color: [70, 130, 180] },
  { name: 'person', color: [220, 20, 60] },
  { name: 'rider', color: [255, 0, 0] },
  { name: 'car', color: [0, 0, 142] },
  { name: 'truck', color: [0, 0, 70] },
  { name: 'bus', color: [0, 60, 100] },
  { name: 'train', color: [0, 80, 100] },
  { name: 'motorcycle', color: [0, 0, 230] },
  { name: 'bicycle', color: [119, 11, 32] },
]

/** The 11 classes of SegNet's CamVid, in the order of the values in its masks; 11 is void. */
export const CAMVID_CLASSES: ClassDefinition[] = [
  { name: 'Sky', color: [128, 128, 128] },
  { name: 'Building', color: [128, 0, 0] },
  { name: 'Pole', color: [192, 192, 128] },
  { name: 'Road', color: [128, 64, 128] },
  { name: 'Pavement', color: [60, 40, 222] },
  { name: 'Tree', color: [128, 128, 0] },
  { name: 'SignSymbol', color: [192, 128, 128] },
  { name: 'Fence', color: [64, 64, 128] },
  { name: 'Car', color: [64, 0, 128] },
  { name: 'Pedestrian', color: [64, 64, 0] },
  { name: 'Bicyclist', color: [0, 128, 192] },
]

/**
 * The colour of the class at position `index` when nobody gave it one. The first 24 are told apart by colour-blind
 * eyes; later ones have hues a golden angle (137.5 degrees) apart, in three lightnesses by turns.
 */
export function generatedColor(index: number): Color {
  const safe = COLOR_BLIND_PALETTE[index]
  if (safe) return [...safe]
  const hue = (index * 137.508) % 360
  const lightness = [0.55, 0.38, 0.72][index % 3]
  const chroma = (1 - Math.abs(2 * lightness - 1)) * 0.65
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (lightness - (chroma / 2) * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

/** Lists of classes that a new project may start from. */
export const CLASS_SETS: readonly { id: string; name: string; classes: readonly ClassDefinition[] }[] = [
  { id: 'cityscapes', name: 'Cityscapes, BDD100K', classes: CITYSCAPES_CLASSES },
  { id: 'camvid', name: 'CamVid', classes: CAMVID_CLASSES },
]

/** Ids 0 to 254: an id is a byte, and 255 means that a pixel has no class (`IGNORE`). */
export const MOST_CLASSES = 255

/**
 * Refuses a list of more classes than there are ids. `holder` begins the sentence: a file's name in quotes, say.
 * @throws AppError `bad_label`
 */
export function checkClassCount(holder: string, count: number): void {
  if (count <= MOST_CLASSES) return
  throw new AppError(
    'bad_label',
    `${holder} has ${count} classes, more than the ${MOST_CLASSES} that a mask can tell apart.`,
    'Keep those you need; in a file, a line named "void" stands for no class.',
  )
}

/**
 * Classes from text that names them, one a line or separated by commas. Each gets a colour; a name that occurs twice
 * counts once.
 */
export function classesFromNames(text: string): ClassDefinition[] {
  const names = text
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return [...new Set(names)].slice(0, MOST_CLASSES).map((name, id) => ({ name, color: generatedColor(id) }))
}
