import type * as tf from '@tensorflow/tfjs-core'
import { wasmKernel } from '../wasm-kernel'
import { rankingLossReference } from './ranking-loss.reference'

/** A handful of numbers: plain loops serve. */
const rankingLoss = wasmKernel('RankingLoss', ({ inputs: { ratings, losses, pairWeights }, backend, allocate }) => {
  const values = (tensor: tf.TensorInfo) => backend.typedArrayFromHeap(tensor)
  const [loss, slope] = [allocate([]), allocate(ratings.shape)]
  const result = rankingLossReference(values(ratings), values(losses), values(pairWeights))
  values(loss).set([result.loss])
  values(slope).set(result.slope)
  return [loss, slope]
})

export const rankingLossKernels = [rankingLoss]
