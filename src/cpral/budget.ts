/** Whether a run's budget can be spent, said before it starts. */
import type { CpralConfig } from '../domain/config'
import { METHODS } from './methods'
import { mostQueried, poolSettings } from './pool-rules'

/**
 * Share of an image that windows chosen greedily cover before no other fits: non-maximum suppression of noise left 0.53
 * at the paper's sizes (512x1024 and w 128, 720x1280 and w 128, 360x480 and w 64), of smooth maps 0.58.
 */
const COVERED = 0.53

/** What the queries of a run will have labelled, in areas of an image. */
interface Outlook {
  wanted: number
  expected: number
  /** Queries, from 1, that get less than the budget. */
  shortQueries: number[]
}

/**
 * Plays the queries: a method with a panoptic step takes a subset out of the unlabelled images, and the regions of a
 * subset lie in nearly all of its images, which leave the unlabelled ones then.
 */
export function budgetOutlook(config: Pick<CpralConfig, 'selection' | 'size'>, trainImages: number): Outlook {
  const { selection, size } = config
  const { budgetImages, initialImages, panopticSize, rounds } = selection
  const { imageScore, usesRegions } = METHODS[selection.method]
  const isPanoptic = usesRegions && imageScore !== null
  const queries = rounds - 1
  let left = trainImages - initialImages
  let expected = 0
  const shortQueries: number[] = []
  for (let query = 1; query <= queries; query++) {
    const subset = Math.min(panopticSize, left)
    // Windows go on where nothing is labelled yet; the images of the initial pool are wholly labelled.
    const ofImages = mostQueried(config, trainImages - initialImages) / (size.height * size.width)
    const most = isPanoptic ? subset * COVERED : Math.min(left, ofImages)
    const labelled = Math.min(budgetImages, most)
    left -= isPanoptic ? subset : labelled
    expected += labelled
    if (labelled < budgetImages) shortQueries.push(query)
  }
  return { wanted: queries * budgetImages, expected, shortQueries }
}

/** A sentence with what to do about it, or null when the budget can be spent as far as can be known. */
export function budgetWarning(config: Pick<CpralConfig, 'selection' | 'size'>, trainImages: number): string | null {
  // What cannot start at all is refused elsewhere.
  if (config.selection.initialImages >= trainImages) return null
  const { wanted, expected, shortQueries } = budgetOutlook(config, trainImages)
  if (shortQueries.length === 0) return null
  const { budgetImages, rounds } = config.selection
  const which =
    shortQueries.length === 1 ? `query ${shortQueries[0]}` : `queries ${shortQueries[0]} to ${shortQueries.at(-1)}`
  const { why, more } = reasonOf(config, trainImages, shortQueries[0] === 1)
  return (
    `The budget cannot be spent: ${rounds - 1} queries of ${count(budgetImages)} are ${count(wanted)}, and about ${count(expected)} will be labelled (${which} of ${rounds - 1} will fall short), for ${why}. ` +
    `Choose ${more}a smaller budget or fewer rounds.`
  )
}

/** What bounds a query, and what there should be more of, if anything. */
function reasonOf(
  config: Pick<CpralConfig, 'selection' | 'size'>,
  trainImages: number,
  isShortAtOnce: boolean,
): { why: string; more: string } {
  const { budgetImages, initialImages, method, panopticSize } = config.selection
  const { imageScore, usesRegions } = METHODS[method]
  const unlabelled = trainImages - initialImages
  if (mostQueried(config, unlabelled) < budgetImages * config.size.height * config.size.width) {
    const { regionsPerImage } = poolSettings(config.selection)
    const why = `a query takes at most ${regionsPerImage} region${regionsPerImage === 1 ? '' : 's'} of an image`
    return { why, more: 'more or larger regions of an image, ' }
  }
  if (usesRegions && imageScore !== null) {
    const why = `every query takes regions out of up to ${panopticSize} of ${unlabelled} unlabelled images, regions that do not overlap cover about half of an image, and an image is asked about once`
    return { why, more: isShortAtOnce ? 'a larger panoptic size, ' : 'a smaller panoptic size, ' }
  }
  return { why: `only ${unlabelled} images are unlabelled`, more: '' }
}

/** Whole numbers as they are, others with one digit. */
function count(areas: number): string {
  const shown = Number.isInteger(areas) ? `${areas}` : areas.toFixed(1)
  return `${shown} image area${shown === '1' ? '' : 's'}`
}
