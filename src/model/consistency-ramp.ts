/** How much the averaged network's labels weigh as a round goes on (Tarvainen and Valpola 2017). */
import type { TrainingConfig } from '../domain/config'

/** Steepness of the rise: the first step has e^-5, 0.7 %, of the weight. */
const STEEPNESS = 5

type Ramp = Pick<TrainingConfig, 'consistencyWeight' | 'consistencyRamp'>

/**
 * Weight of own predictions in a step: weight * e^(-5 (1 - t)^2), where t goes from 0 to 1 over the ramp's share of the
 * round's steps; all of it afterwards, and from the first step on without a ramp.
 *
 * A round that continues from the last one's weights climbs the same ramp again, and a shorter round a shorter one: the
 * average knows things by then, but its first steps are those of a learning rate that is high again, and after the very
 * first it holds that step's weights, not the last round's average.
 * @param roundStep steps that the round took before, of `roundSteps`
 */
export function consistencyWeightAt(
  { consistencyWeight = 0, consistencyRamp = 0 }: Ramp,
  roundStep: number,
  roundSteps: number,
): number {
  const rampSteps = consistencyRamp * roundSteps
  if (roundStep >= rampSteps) return consistencyWeight
  return consistencyWeight * Math.exp(-STEEPNESS * (1 - roundStep / rampSteps) ** 2)
}
