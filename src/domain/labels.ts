/** The labels of an image's pixels, who gave them, and the one rule of which pixels count as labelled. */
import type { Size } from './size'

/**
 * The class id of a pixel without a class. It has no label yet, or its label is "void": nothing that the classes name.
 * The network never learns from such a pixel, and mIoU never counts it.
 */
export const IGNORE = 255

/**
 * Where a pixel's label comes from:
 * `none`: it has none.
 * `human`: a person painted it.
 * `oracle`: an experiment copied it from the ground truth.
 * `extended`: label extension spread it from neighbours; nobody has seen it.
 * `accepted`: the network or label extension suggested it, and a person confirmed it.
 * `imported`: it came with a mask.
 * `rejected`: it has none; a person refused what label extension suggested, which will not suggest it again.
 */
export const PROVENANCE = { none: 0, human: 1, oracle: 2, extended: 3, accepted: 4, imported: 5, rejected: 6 } as const

/** The labels of one image: two values for every pixel. */
export interface Labels {
  /** H*W class ids, 255 = none or void. */
  classes: Uint8Array
  /** H*W of PROVENANCE. A pixel labelled as void has a provenance, but the class 255. */
  provenance: Uint8Array
}

/** A run's labels of one image, at the run's input size. */
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
 * Whether a pixel of this provenance is labelled: a person, the oracle or a mask answers for it. A pixel labelled as
 * void is; one that only label extension labelled is not, for nobody answers for it.
 */
export function isLabelled(provenance: number): boolean {
  return IS_LABELLED[provenance]
}

/**
 * Whether a pixel of this provenance has a label to show, void included: it is labelled, or label extension labelled
 * it.
 */
export function hasClass(provenance: number): boolean {
  return isLabelled(provenance) || provenance === PROVENANCE.extended
}

/** H*W, 1 where a pixel is labelled. */
export function labelledMask(provenance: Uint8Array): Uint8Array {
  return provenance.map((value) => (isLabelled(value) ? 1 : 0))
}

/** Number of labelled pixels: the pixels that a run's budget has paid for. */
export function countLabelled(provenance: Uint8Array): number {
  let count = 0
  for (const value of provenance) if (isLabelled(value)) count++
  return count
}

/** Labels of an image on which nobody has labelled anything. */
export function emptyLabels({ height, width }: Size): Labels {
  return { classes: new Uint8Array(height * width).fill(IGNORE), provenance: new Uint8Array(height * width) }
}

/** Shares of an image's pixels, 0..1. */
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

/** Labels that label extension suggests for an image, at the run's input size. */
export interface ExtensionResult {
  size: Size
  /** H*W class ids, 255 where nothing is suggested. */
  classes: Uint8Array
  /** H*W, probability of the suggested class as 0..255. */
  confidence: Uint8Array
}
