/**
 * Rules of training. `paper` is the paper's (Implementation details); `studio` is ours: the decision note
 * docs/decisions/recipe-studio.md says what each of its rules brought.
 */
import type { RecipeName, TrainingConfig } from '../domain/config'

const STUDIO: Partial<TrainingConfig> = {
  schedule: 'poly',
  learningRate: 1e-2,
  headLrFactor: 1,
  nesterov: true,
  clipNorm: 5,
  averaging: 0.99,
  ratingDetachAt: 0,
  blurProbability: 0,
  scaleLeast: 0.75,
  scaleMost: 1.25,
  jitter: 0.25,
  drawFrom: 'labels',
  mosaic: true,
  rareShare: 0.25,
  rareTemperature: 0.1,
  pasteProbability: 0,
  lossMean: 'batch',
  classWeightPower: 0.5,
  classWeightCap: 5,
  consistencyWeight: 0,
  consistencyThreshold: 0.95,
}

/** What a recipe changes in the preset's training. */
export const RECIPE_RULES: Readonly<Record<RecipeName, Partial<TrainingConfig>>> = { paper: {}, studio: STUDIO }
