/** The labels of an image's pixels, who gave them, and the one rule of what counts as labelled. */
import type { Size } from './size'

/** Class id of a pixel that has no class (none yet, or void): never trained on, never counted in mIoU. */
export const IGNORE = 255

/**
 * Who gave a pixel its label: `human` painted it, `oracle` copied ground truth, `extended` spread from neighbours and was seen by
 * nobody, `accepted` was suggested by the network or by extension and confirmed by a person, `imported` came as a mask.
 * `rejected` has no label: a person refused what extension suggested, and it must not suggest it again.
 */
export const PROVENANCE = { none: 0, human: 1, oracle: 2, extended: 3, accepted: 4, imported: 5, rejected: 6 } as const

/** The label rasters of one image. */
export interface Labels {
  /** H*W class ids, 255 = none or void. */
  classes: Uint8Array
  /** H*W of PROVENANCE: a void pixel that was labelled has provenance but class 255. */
  provenance: Uint8Array
}

export interface LabelRecord extends Labels {
  runId: string
  imageId: string
  size: Size
}

const IS_LABELLED: readonly boolean[] = Array.from({ length: 256 }, (_, provenance) => {
  const { none, extended, rejected } = PROVENANCE
  return ![none, extended, rejected].some((other) => other === provenance)
})

/**
 * Whether a pixel of this provenance is labelled: a person, the oracle or a mask answers for it, void included. What extension
 * added has a label but nobody's word; what was refused has none.
 */
export function isLabelled(provenance: number): boolean {
  return IS_LABELLED[provenance]
}

/** Whether a pixel of this provenance has a class to show, void included: it is labelled, or extension added it. */
export function hasClass(provenance: number): boolean {
  return isLabelled(provenance) || provenance === PROVENANCE.extended
}

/** H*W, 1 where a pixel is labelled. */
export function labelledMask(provenance: Uint8Array): Uint8Array {
  return provenance.map((value) => (isLabelled(value) ? 1 : 0))
}

/** Number of labelled pixels: what the budget has paid. */
export function countLabelled(provenance: Uint8Array): number {
  let count = 0
  for (const value of provenance) if (isLabelled(value)) count++
  return count
}

export function emptyLabels({ height, width }: Size): Labels {
  return { classes: new Uint8Array(height * width).fill(IGNORE), provenance: new Uint8Array(height * width) }
}

/** What share of an image's pixels has which kind of label. */
export interface LabelShare {
  imageId: string
  /** Labelled pixels, void counted. */
  labelled: number
  /** Pixels that label extension added. */
  extended: number
}

export function labelShare({ imageId, provenance }: Pick<LabelRecord, 'imageId' | 'provenance'>): LabelShare {
  let extended = 0
  for (const source of provenance) if (source === PROVENANCE.extended) extended++
  const pixels = provenance.length
  return { imageId, labelled: countLabelled(provenance) / pixels, extended: extended / pixels }
}

/** Labels that extension suggests, at the run's input size. */
export interface ExtensionResult {
  size: Size
  /** H*W class ids, 255 where nothing is suggested. */
  classes: Uint8Array
  /** H*W, 0..255: how probable the suggested class is. */
  confidence: Uint8Array
}
