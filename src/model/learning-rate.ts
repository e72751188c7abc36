/** The learning rate over a round: the paper's drop, or the polynomial decay of the DeepLab family (Chen et al. 2018). */
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
}

type Schedule = Pick<TrainingConfig, 'learningRate' | 'learningRateDropAt' | 'learningRateDrop' | 'schedule'>

/** Learning rate of a step; above 0. */
export function learningRateAt(training: Schedule, { epoch, epochs, roundStep, roundSteps }: RoundPosition): number {
  const { learningRate, learningRateDropAt, learningRateDrop, schedule } = training
  if (schedule === 'poly') return learningRate * (1 - roundStep / roundSteps) ** POWER
  const isDropped = epoch >= Math.round(learningRateDropAt * epochs)
  return learningRate * (isDropped ? learningRateDrop : 1)
}
