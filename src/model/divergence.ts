/** Finds training whose numbers are no longer finite: as soon as a loss is read, and before a checkpoint keeps it. */

import type { TrainingConfig } from '../domain/config'
import { AppError } from '../domain/errors'
import type { EpochRequest } from '../loop/learner'
import type { NamedArrays } from '../weights/safetensors'

interface Steps {
  request: Pick<EpochRequest, 'round' | 'epoch'>
  training: Pick<TrainingConfig, 'learningRate' | 'headLrFactor'>
  /** First and last of the steps, from 1, whose losses were summed. */
  first: number
  last: number
  /** That of the first and that of the last of the steps. */
  learningRates: readonly [number, number]
}

/** @throws diverged naming round, epoch, steps and learning rate when `loss` is NaN or infinite */
export function requireFiniteLoss(loss: number, { request, training, first, last, learningRates }: Steps): void {
  if (Number.isFinite(loss)) return
  const steps = first === last ? `step ${last}` : `steps ${first} to ${last}`
  const { headLrFactor } = training
  const head = headLrFactor === 1 ? '' : ` (${inWords(learningRates, headLrFactor)} in the decoder)`
  throw new AppError(
    'diverged',
    `Training diverged: in round ${request.round}, epoch ${request.epoch + 1}, ${steps}, the loss became ${loss} at a learning rate of ${inWords(learningRates)}${head}.`,
    `Duplicate the run with a learning rate below ${training.learningRate}${headLrFactor > 1 ? ` or a factor for the decoder below ${headLrFactor}` : ''}; if that does not help, look at the labels of the first images.`,
  )
}

/** `0.01`, or `0.00832 to 0.0083` where it changes from step to step. */
function inWords([first, last]: readonly [number, number], factor = 1): string {
  if (first === last) return `${first * factor}`
  return [first, last].map((rate) => Number((rate * factor).toPrecision(3))).join(' to ')
}

/** The arrays, when all their numbers are finite. @throws diverged naming the array that holds others */
export function requireFiniteArrays(arrays: NamedArrays): NamedArrays {
  for (const [name, { values }] of arrays) {
    const wrong = values.findIndex((value) => !Number.isFinite(value))
    if (wrong < 0) continue
    throw new AppError(
      'diverged',
      `Training diverged: "${name}" of the network holds ${values[wrong]}, so it is not stored.`,
      'Duplicate the run with a lower learning rate; if that does not help, look at the labels of the first images.',
    )
  }
  return arrays
}
