/** Folders drawn at random, imported, and judged: right, said, or silently wrong. */
import { expect } from 'vitest'
import { clearDatabase } from '../support/database'
import { type RandomFolder, randomFolder } from '../support/random-folder'
import { differences, everything, said, silent, type Taken, take } from '../support/take-folder'

/** The seed of the folders: VITE_SEED of the environment, for those of another run. */
export const SEED = Number(import.meta.env.VITE_SEED ?? 13)

type Verdict = 'right' | 'said' | 'refused' | 'broken off' | 'silently wrong'

interface Trial {
  verdict: Verdict
  /** Whether files are lost, with a word, that have no fault themselves. */
  isSpread: boolean
  /** How the folder was drawn, what is wrong and what was said. */
  text: string
}

function judge(taken: Taken, { truths, mustBeNamed, recipe, faulty }: RandomFolder): Trial {
  const unnamed = mustBeNamed.filter((path) => !said(taken, path)).map((path) => `${path} is not named`)
  const wrong = truths.map((truth) => differences(taken, truth).map(({ what }) => what))
  const unsaid = truths.map((truth) => silent(taken, truth))
  const [fewest] = [...unsaid].sort((a, b) => a.length - b.length)
  const text = [recipe, ...(fewest.length > 0 ? fewest : wrong[0]), ...unnamed, everything(taken)].join('\n    ')
  const isSpread = truths.every((truth) =>
    differences(taken, truth).some(({ paths }) => !paths.some((path) => faulty?.includes(path))),
  )
  const isRight = wrong.some((list) => list.length === 0)
  if (taken.report === null) return { verdict: 'refused', isSpread, text }
  if (unnamed.length > 0 || fewest.length > 0) return { verdict: 'silently wrong', isSpread, text }
  return { verdict: isRight ? 'right' : 'said', isSpread, text }
}

async function tried(folder: RandomFolder): Promise<Trial> {
  try {
    return judge(await take(folder.files), folder)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { verdict: 'broken off', isSpread: true, text: `${folder.recipe}\n    ${error.stack}` }
  }
}

/** Imports folders, and expects none to be silently wrong or refused, and nearly all without a fault to be right. */
export async function tryFolders(count: number): Promise<void> {
  const trials: (Trial & { isSound: boolean })[] = []
  for (let index = 0; index < count; index++) {
    const folder = await randomFolder(SEED, index)
    await clearDatabase()
    trials.push({ ...(await tried(folder)), isSound: folder.faulty === null })
  }
  const of = (verdict: Verdict, among = trials) => among.filter((trial) => trial.verdict === verdict)
  const sound = trials.filter(({ isSound }) => isSound)
  const verdicts: Verdict[] = ['right', 'said', 'refused', 'broken off', 'silently wrong']
  const counts = verdicts.map((verdict) => `${of(verdict).length} ${verdict}`).join(', ')
  const ofSound = `${of('right', sound).length} of ${sound.length} without a fault are right`
  const faulty = trials.filter(({ isSound }) => !isSound)
  const contained = faulty.filter(({ isSpread }) => !isSpread)
  const ofFaulty = `in ${contained.length} of ${faulty.length} with a fault the rest is right`
  console.info(`Seed ${SEED}, ${count} folders: ${counts}; ${ofSound}; ${ofFaulty}.`)
  const failed = [...of('silently wrong'), ...of('refused'), ...of('broken off')].map(
    ({ verdict, text }) => `${verdict}: ${text}`,
  )
  expect(failed.length, `${counts} with seed ${SEED}\n${failed.slice(0, 40).join('\n')}`).toBe(0)
  const notRight = of('said', sound).map(({ text }) => text)
  expect(of('right', sound).length / sound.length, `${ofSound}\n${notRight.join('\n')}`).toBeGreaterThanOrEqual(0.9)
  const spread = faulty.filter(({ isSpread }) => isSpread).map(({ text }) => text)
  expect(contained.length / faulty.length, `${ofFaulty}\n${spread.join('\n')}`).toBeGreaterThanOrEqual(0.9)
}
