/** How much the averaged network's labels weigh as a round goes on (Tarvainen and Valpola 2017). */
import type { TrainingConfig } from '../domain/config'

/** Steepness of the rise: the first step has e^-5, 0.7 %, of the weight. */
const STEEPNESS = 5

type Ramp = Pick<TrainingConfig, 'consistencyWeight' | 'consistencyRamp'>

interface RoundPosition {
  /** Steps that the round took before, of `roundSteps`. */
  roundStep: number
  roundSteps: number
  /** The round began with what the last one learned. */
  isContinued: boolean
}

/**
 * Weight of own predictions in a step: weight * e^(-5 (1 - t)^2), where t goes from 0 to 1 over the ramp's share of the
 * round's steps; all of it afterwards, and from the first step on without a ramp. A round that continues from the last
 * one's weights has none: the ramp is there because a new average knows nothing yet, and there the average goes on too.
 */
export function consistencyWeightAt(
  { consistencyWeight = 0, consistencyRamp = 0 }: Ramp,
  { roundStep, roundSteps, isContinued }: RoundPosition,
): number {
  const rampSteps = consistencyRamp * roundSteps
  if (isContinued || roundStep >= rampSteps) return consistencyWeight
  return consistencyWeight * Math.exp(-STEEPNESS * (1 - roundStep / rampSteps) ** 2)
}
