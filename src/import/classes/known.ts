/** The numbers by which the masks of the known datasets name their classes. */
import type { ClassDefinition } from '../../domain/classes'
import { CAMVID_CLASSES, CITYSCAPES_CLASSES } from '../../domain/classes'
import type { LabelCoding } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'

/** A coding, and the codes that masks may hold; any other code is a mistake in the mask. */
export interface MaskCoding {
  coding: LabelCoding
  /** Indices, or colours as 0xRRGGBB, that name a class or void; null where every code is allowed. */
  known: ReadonlySet<number> | null
}

/** Cityscapes labelIds of the trainIds 0..18; every other id is void. */
export const CITYSCAPES_LABEL_IDS = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]
const CITYSCAPES_ID_COUNT = 34

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

/** Allows every colour, for Cityscapes' colour masks also hold those of void ids. */
export const CITYSCAPES_COLOR_CODING: MaskCoding = { coding: colorCoding(CITYSCAPES_CLASSES), known: null }

export const BDD100K_CODING = identityCoding(CITYSCAPES_CLASSES.length)

export const CAMVID_CODING = identityCoding(CAMVID_CLASSES.length, [CAMVID_VOID])

function colorCoding(classes: readonly ClassDefinition[]): LabelCoding {
  return { kind: 'color', entries: classes.map(({ color: [red, green, blue] }, id) => [red, green, blue, id]) }
}
