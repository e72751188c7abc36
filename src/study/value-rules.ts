/** What the single values of a study's file may be. */
import type { ConfigOverrides } from '../cpral/presets'
import { ENCODERS } from '../domain/config'

export interface Rule {
  /** Ends the sentence "it must be ...". */
  expects: string
  accepts(value: unknown): boolean
  /** The texts that are right, for a suggestion. */
  words?: readonly string[]
}

export const FLAG: Rule = { expects: 'true or false', accepts: (value) => typeof value === 'boolean' }

/** A text with something in it. */
export const TEXT: Rule = {
  expects: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value.trim() !== '',
}

export function whole(least: number, multipleOf = 1): Rule {
  const what = multipleOf === 1 ? 'a whole number' : `a multiple of ${multipleOf}`
  return {
    expects: `${what} of at least ${least}`,
    accepts: (value) =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) % multipleOf === 0,
  }
}

function real(expects: string, accepts: (value: number) => boolean): Rule {
  return { expects, accepts: (value) => typeof value === 'number' && Number.isFinite(value) && accepts(value) }
}

export const POSITIVE = real('a number above 0', (value) => value > 0)
const FROM_ZERO = real('a number of at least 0', (value) => value >= 0)
const BELOW_ONE = real('a number from 0 to below 1', (value) => value >= 0 && value < 1)
export const SHARE = real('a number from 0 to 1', (value) => value >= 0 && value <= 1)

export function word(...words: readonly string[]): Rule {
  return {
    expects: `one of ${words.join(', ')}`,
    accepts: (value) => typeof value === 'string' && words.includes(value),
    words,
  }
}

export function orNull(rule: Rule): Rule {
  return { ...rule, expects: `${rule.expects}, or null`, accepts: (value) => value === null || rule.accepts(value) }
}

type Group = Exclude<keyof ConfigOverrides, 'recipe' | 'annotator' | 'seed' | 'weights' | 'noise'>
type Overridden<Name extends Group> = keyof NonNullable<ConfigOverrides[Name]>

/** Settings that a recipe may override; the compiler demands a rule for each. Parts, not recipes, say the method. */
export const OVERRIDES: {
  [Name in Group]: Record<Exclude<Overridden<Name>, 'method'>, Rule>
} = {
  size: { height: whole(32), width: whole(32) },
  network: {
    encoder: word(...ENCODERS),
    width: real('above 0 and at most 1', (value) => value > 0 && value <= 1),
    channels: whole(1),
    separable: FLAG,
    firstExpansion: FLAG,
  },
  training: {
    epochs: whole(1),
    batchSize: whole(2, 2),
    learningRate: POSITIVE,
    learningRateDropAt: SHARE,
    learningRateDrop: POSITIVE,
    momentum: SHARE,
    weightDecay: FROM_ZERO,
    headLrFactor: POSITIVE,
    flipProbability: SHARE,
    blurProbability: SHARE,
    warmStart: FLAG,
    extendedWeight: FROM_ZERO,
    ratingWeight: FROM_ZERO,
    ratingDetachAt: SHARE,
    equalSteps: FLAG,
    steps: orNull(whole(1)),
    warmSteps: orNull(whole(1)),
    warmLearningRate: orNull(POSITIVE),
    rateRise: SHARE,
    schedule: word('drop', 'poly'),
    nesterov: FLAG,
    clipNorm: orNull(POSITIVE),
    averaging: orNull(BELOW_ONE),
    scaleLeast: POSITIVE,
    scaleMost: POSITIVE,
    cropShare: real('above 0 and at most 1', (value) => value > 0 && value <= 1),
    drawFrom: word('images', 'labels'),
    dropoutFactor: SHARE,
    classWeightPower: FROM_ZERO,
    classWeightCap: real('a number of at least 1', (value) => value >= 1),
  },
  monteCarlo: {
    passes: whole(1),
    dropout: word('decoder', 'encoder', 'head'),
    vote: word('hard', 'soft'),
    precision: word('float32', 'float16'),
    chunkShare: real('above 0 and at most 1', (value) => value > 0 && value <= 1),
  },
  selection: {
    initialImages: whole(1),
    panopticSize: whole(1),
    budgetImages: POSITIVE,
    rounds: whole(1),
    regionSide: whole(4),
    attentionSigma: POSITIVE,
    balance: FROM_ZERO,
    regionsPerImage: whole(1),
    ratingPrior: FROM_ZERO,
    temperature: FROM_ZERO,
    classQuota: SHARE,
  },
  extension: {
    spreads: FLAG,
    mode: word('context', 'paper'),
    patch: whole(1),
    stride: whole(1),
    longSide: whole(8),
    appearance: FROM_ZERO,
    positionSigma: POSITIVE,
    threshold: SHARE,
    classShare: SHARE,
    vetoConfidence: FROM_ZERO,
  },
  adversary: {
    imageSide: whole(16, 16),
    latent: whole(1),
    width: POSITIVE,
    beta: FROM_ZERO,
    learningRate: POSITIVE,
    clipNorm: POSITIVE,
    autoencoderSteps: whole(1),
    steps: orNull(whole(1)),
  },
}

/** The known word that is fewest changes of a letter away from `text`; undefined where none is near. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const most = Math.max(2, Math.floor(text.length / 3))
  const plain = text.toLowerCase().replaceAll(/[ _]/g, '-')
  return words
    .map((known) => ({ known, changes: changes(plain, known.toLowerCase()) }))
    .filter(({ changes }) => changes <= most)
    .sort((a, b) => a.changes - b.changes)[0]?.known
}

/** Letters to insert, remove or replace to make one word of the other (Levenshtein 1966). */
function changes(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]
}
