/** What VAAL's networks came to. */
import type { AdversaryRecord } from '../../domain/round'

/** Distance from a half within which the mean accuracy tells nothing. */
const CHANCE = 0.02

/** Shares of the images of each pool that the scores put into it: above a half is labelled. */
export function accuracyOf(scores: readonly number[], isLabelled: readonly boolean[]): AdversaryRecord['accuracy'] {
  const share = (pool: boolean) => {
    const own = scores.filter((_, i) => isLabelled[i] === pool)
    return own.filter((score) => score > 0.5 === pool).length / own.length
  }
  return { labelled: share(true), unlabelled: share(false) }
}

/** The discriminator tells labelled from unlabelled no better than chance. */
export function isCollapsed({ labelled, unlabelled }: AdversaryRecord['accuracy']): boolean {
  // Shares of small pools may lie on the border.
  return Math.abs((labelled + unlabelled) / 2 - 0.5) <= CHANCE + 1e-9
}

/**
 * Means over the last tenth of the steps.
 * @param rows reconstruction, divergence, adversarial and discriminator loss of each step
 */
export function meanLosses(rows: readonly (readonly number[])[]): AdversaryRecord['losses'] {
  const last = rows.slice(-Math.ceil(rows.length / 10))
  const [reconstruction, divergence, adversarial, discriminator] = [0, 1, 2, 3].map(
    (column) => last.reduce((sum, row) => sum + row[column], 0) / last.length,
  )
  return { reconstruction, divergence, adversarial, discriminator }
}
