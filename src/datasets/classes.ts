/** Class tables and palettes of the known datasets (Cityscapes scripts' labels.py; SegNet's CamVid test script). */
import { type ClassDefinition, IGNORE, type LabelCoding } from '../storage/schema'
import type { MaskCoding } from './dataset'

/** The 19 evaluated classes of Cityscapes and BDD100K by trainId. */
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

/** Cityscapes labelIds of the trainIds 0..18; every other id is void. */
const CITYSCAPES_LABEL_IDS = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]
const CITYSCAPES_ID_COUNT = 34

/** The 11 classes of SegNet's CamVid; 11 is void. */
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

const CAMVID_VOID = 11

/** Ids 0..count-1 are the classes, 255 and `voids` are void. */
export function identityCoding(count: number, voids: readonly number[] = []): MaskCoding {
  const table = Array.from({ length: 256 }, (_, id) => (id < count && !voids.includes(id) ? id : IGNORE))
  return {
    coding: { kind: 'index', table },
    known: new Set([...Array.from({ length: count }, (_, id) => id), ...voids, IGNORE]),
  }
}

/** Classes by listed values: value -> class id; `voids` (and 255 unless listed) are void. */
export function tableCoding(classOf: ReadonlyMap<number, number>, voids: Iterable<number>): MaskCoding {
  const table = Array.from({ length: 256 }, (_, value) => classOf.get(value) ?? IGNORE)
  return { coding: { kind: 'index', table }, known: new Set([...classOf.keys(), ...voids, IGNORE]) }
}

export const CITYSCAPES_TRAIN_ID_CODING = identityCoding(CITYSCAPES_CLASSES.length, [254])

export const CITYSCAPES_LABEL_ID_CODING = tableCoding(
  new Map(CITYSCAPES_LABEL_IDS.map((labelId, trainId) => [labelId, trainId])),
  Array.from({ length: CITYSCAPES_ID_COUNT }, (_, labelId) => labelId),
)

/** Colours of void ids occur in Cityscapes' colour masks, so every colour is allowed. */
export const CITYSCAPES_COLOR_CODING: MaskCoding = { coding: colorCoding(CITYSCAPES_CLASSES), known: null }

export const BDD100K_CODING = identityCoding(CITYSCAPES_CLASSES.length)

export const CAMVID_CODING = identityCoding(CAMVID_CLASSES.length, [CAMVID_VOID])

function colorCoding(classes: readonly ClassDefinition[]): LabelCoding {
  return { kind: 'color', entries: classes.map(({ color: [red, green, blue] }, id) => [red, green, blue, id]) }
}

/**
 * Colours for classes that have none, distinct by construction: hues a golden angle apart, three lightnesses in turn.
 */
export function generatedColor(index: number): [number, number, number] {
  const hue = (index * 137.508) % 360
  const lightness = [0.55, 0.38, 0.72][index % 3]
  const chroma = (1 - Math.abs(2 * lightness - 1)) * 0.65
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (lightness - (chroma / 2) * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}
