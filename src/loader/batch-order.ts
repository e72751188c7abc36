/** Which images a training step sees: pass after pass over all of them, a pure function of (seed, round, step). */
import { randomStream } from '../math/random'

/** Image ids in the order of one pass over them, shuffled, and padded by repetition to full batches. */
export function passOrder(
  imageIds: readonly string[],
  batchSize: number,
  seed: number,
  round: number,
  pass: number,
): string[] {
  // The name of the stream is older than passes.
  const order = randomStream(seed, 'epoch-order', round, pass).shuffle(imageIds)
  const padded = [...order]
  while (padded.length % batchSize !== 0) padded.push(order[(padded.length - order.length) % order.length] as string)
  return padded
}

interface BatchPlace {
  ids: string[]
  /** From 0: the pass over all images that the batch belongs to, and its position there. */
  pass: number
  step: number
}

/** Gives the batch of any step of a round, steps from 0. */
export function batchOrder(
  imageIds: readonly string[],
  batchSize: number,
  seed: number,
  round: number,
): (roundStep: number) => BatchPlace {
  const stepsPerPass = Math.ceil(imageIds.length / batchSize)
  let known = { pass: -1, order: [] as string[] }
  return (roundStep) => {
    const pass = Math.floor(roundStep / stepsPerPass)
    if (known.pass !== pass) known = { pass, order: passOrder(imageIds, batchSize, seed, round, pass) }
    const step = roundStep % stepsPerPass
    return { ids: known.order.slice(step * batchSize, (step + 1) * batchSize), pass, step }
  }
}
