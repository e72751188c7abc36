/** What of a round makes its comparison with others doubtful, in sentences for people. */
import type { RoundRecord } from '../domain/round'
import type { Size } from '../domain/size'

/** Above this share of candidates taken, the regional step has little to choose. */
export const CROWDED = 0.5

type Doubtful = Pick<RoundRecord, 'candidates' | 'unspentPixels' | 'adversary'>

/** @param size the run's input size, by which the budget is counted */
export function roundWarnings({ candidates, unspentPixels, adversary }: Doubtful, size: Size): string[] {
  const warnings: string[] = []
  if (candidates && candidates.taken > CROWDED * candidates.found) {
    const share = Math.round((100 * candidates.taken) / candidates.found)
    warnings.push(
      `The budget took ${share} % of all candidate regions: there was little to choose from. A larger panoptic size or a smaller budget gives the regional step a choice.`,
    )
  }
  if (unspentPixels) {
    const areas = (unspentPixels / (size.height * size.width)).toFixed(1)
    warnings.push(
      `${areas} image areas of the budget could not be spent: nothing was left to ask about. Compare this run by its labelled share.`,
    )
  }
  if (adversary?.isCollapsed) {
    warnings.push(
      'The discriminator collapsed: it tells labelled images from unlabelled ones no better than chance, so the choice was chance.',
    )
  }
  return warnings
}

/** The warnings of a run's rounds, each once with the rounds that it is true of: "Rounds 1, 2: ...". */
export function warningsOfRounds(rounds: readonly (Doubtful & Pick<RoundRecord, 'index'>)[], size: Size): string[] {
  const bySentence = new Map<string, number[]>()
  for (const round of rounds) {
    for (const sentence of roundWarnings(round, size)) {
      bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), round.index])
    }
  }
  return [...bySentence].map(
    ([sentence, indices]) => `Round${indices.length > 1 ? 's' : ''} ${indices.join(', ')}: ${sentence}`,
  )
}
