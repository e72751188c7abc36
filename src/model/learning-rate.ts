/**
 * The learning rate over a round: the paper's drop, or the polynomial decay of the DeepLab family (Chen et al. 2018); both may
 * begin with a rise, so that new layers do not spoil a pretrained encoder while they know nothing (Goyal et al. 2017).
 */
import type { TrainingConfig } from '../domain/config'

/** Exponent of the polynomial decay. */
const POWER = 0.9

interface RoundPosition {
  /** From 0, of `epochs`. */
  epoch: number
  epochs: number
  /** Steps that the round took before, of `roundSteps`. */
  roundStep: number
  roundSteps: number
  /** The round began with what the last one learned; absent: it did not. */
  isContinued?: boolean
}

type Schedule = Pick<
  TrainingConfig,
  'learningRate' | 'warmLearningRate' | 'learningRateDropAt' | 'learningRateDrop' | 'schedule' | 'rateRise'
>

/** Learning rate of a step; above 0. */
export function learningRateAt(training: Schedule, position: RoundPosition): number {
  const { learningRateDropAt, learningRateDrop, schedule, warmLearningRate, rateRise = 0 } = training
  const { epoch, epochs, roundStep, roundSteps, isContinued } = position
  const risen = Math.min(1, (roundStep + 1) / Math.max(1, rateRise * roundSteps))
  const learningRate = risen * ((isContinued ? warmLearningRate : null) ?? training.learningRate)
  if (schedule === 'poly') return learningRate * (1 - roundStep / roundSteps) ** POWER
  const isDropped = epoch >= Math.round(learningRateDropAt * epochs)
  return learningRate * (isDropped ? learningRateDrop : 1)
}
