/**
 * Rules of training. `paper` is the paper's (Implementation details); `studio` is ours: the decision note
 * docs/decisions/recipe-studio.md says what each of its rules brought.
 */
import type { RecipeName, TrainingConfig } from '../domain/config'

const STUDIO: Partial<TrainingConfig> = {
  steps: 600,
  warmStart: true,
  warmSteps: 300,
  schedule: 'poly',
  learningRate: 0.1,
  warmLearningRate: 0.03,
  headLrFactor: 1,
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

/** What a recipe changes in the preset's training. */
export const RECIPE_RULES: Readonly<Record<RecipeName, Partial<TrainingConfig>>> = { paper: {}, studio: STUDIO }
