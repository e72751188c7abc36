/**
 * Rules of training. `paper` is the paper's (Implementation details); `studio` is ours: the decision note
 * docs/decisions/recipe-studio.md says what each of its rules brought.
 */
import type { NetworkConfig, RecipeName, TrainingConfig } from '../domain/config'

const STUDIO: Partial<TrainingConfig> = {
  steps: 600,
  warmStart: true,
  warmSteps: 300,
  schedule: 'poly',
  learningRate: 0.03,
  warmLearningRate: 0.01,
  headLrFactor: 10,
  rateRise: 0.1,
  nesterov: true,
  clipNorm: 5,
  averaging: 0.99,
  ratingDetachAt: 0,
  blurProbability: 0,
  scaleLeast: 0.75,
  scaleMost: 1.25,
  drawFrom: 'labels',
  classWeightPower: 0.5,
  classWeightCap: 5,
}

/**
 * Whether labels spread by default in new runs of our own methods, those that look at the whole pool. The paper's
 * methods say it by their name.
 */
export const OWN_METHODS_SPREAD: boolean = false

/**
 * Passes of the committee by default in new runs of these methods. With five regions teach as much as with the paper's
 * twenty, and asking the pool takes about half as long (docs/decisions/recipe-studio.md).
 */
export const OWN_METHODS_PASSES = 5

/**
 * Temperature of their choice by default in new runs. The best regions alone are all alike, and leave out what the
 * network is wrong about without a doubt: with few labels, regions drawn in proportion to their scores teach more.
 */
export const OWN_METHODS_TEMPERATURE = 1

/** What a recipe changes in the preset's training. */
export const RECIPE_RULES: Readonly<Record<RecipeName, Partial<TrainingConfig>>> = { paper: {}, studio: STUDIO }

/** The preset `tiny`, which starts from random numbers, in place of a network that is meant for published weights. */
interface FromScratch {
  network: Partial<NetworkConfig>
  training: Partial<TrainingConfig>
}

const STUDIO_FROM_SCRATCH: FromScratch = {
  network: { encoder: 'resnet9', width: 1, channels: 64 },
  training: {
    cropShare: 0.5,
    dropoutFactor: 0.2,
    // No part knows anything before, none is spared; and it is never near its goal: later rounds begin at the same rate.
    learningRate: 0.1,
    headLrFactor: 1,
    rateRise: 0,
    warmLearningRate: null,
  },
}

/** What a recipe changes besides in the preset `tiny`. */
export const FROM_SCRATCH_RULES: Readonly<Record<RecipeName, FromScratch>> = {
  paper: { network: {}, training: {} },
  studio: STUDIO_FROM_SCRATCH,
}

/** And in the demo project, in about as much time as the paper's rules take there. */
export const DEMO_RULES: Readonly<Record<RecipeName, Partial<TrainingConfig>>> = {
  paper: {},
  studio: { epochs: 5, steps: 600, warmSteps: 750 },
}
