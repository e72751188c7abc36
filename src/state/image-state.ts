import type { LabelShare } from '../domain/labels'
import type { ImageSummary } from '../domain/project'
import type { RoundRecord } from '../domain/round'

/** How far a run has labelled an image. */
export type ImageState = 'unlabelled' | 'selected' | 'partial' | 'labelled' | 'validation'

export const IMAGE_STATES: Readonly<Record<ImageState, string>> = {
  unlabelled: 'Unlabelled',
  selected: 'Selected',
  partial: 'Partly labelled',
  labelled: 'Fully labelled',
  validation: 'Validation',
}

/** Images that the current round has chosen; none once it is complete. */
export function selectedImages(rounds: readonly RoundRecord[]): Set<string> {
  const last = rounds.at(-1)
  if (!last || last.isComplete) return new Set()
  return new Set([...last.subset.map((entry) => entry.imageId), ...last.regions.map((region) => region.imageId)])
}

export function imageState(
  image: Pick<ImageSummary, 'id' | 'split'>,
  share: Pick<LabelShare, 'labelled'> | undefined,
  selected: ReadonlySet<string>,
): ImageState {
  if (image.split === 'val') return 'validation'
  if (share && share.labelled >= 1) return 'labelled'
  if (share && share.labelled > 0) return 'partial'
  return selected.has(image.id) ? 'selected' : 'unlabelled'
}
