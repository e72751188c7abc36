/**
 * The regional query of one image (paper Eq. 4 to 6): committee, vote entropy, attention, suppression; read back once.
 */
import * as tf from '@tensorflow/tfjs-core'
import { integralImage, regionCandidates } from '../cpral/region-selection'
import type { CpralConfig } from '../domain/config'
import type { Size } from '../domain/size'
import { gaussianAttention } from '../kernels/attention/gaussian-attention'
import { packsQueryResults, queryResult, unpackQueryResult } from '../kernels/committee/query-result'
import { softVotes } from '../kernels/committee/soft-votes'
import { voteEntropy } from '../kernels/committee/vote-entropy'
import type { QueryRequest, QueryResult } from '../loop/learner'
import { quantize } from '../math/quantize'
import type { FoldedParameters } from './executors'
import { inputTensor } from './images'
import { committeeLogits } from './monte-carlo'
import type { Network } from './network'

/** A network folded for inference, and the settings of its committee. */
export interface Committee {
  network: Network
  folded: FoldedParameters
  config: CpralConfig
}

/** Vote entropy [H, W] in bits, 0 where `labelled` is 1. */
function voteEntropyMap(
  committee: Committee,
  { rgb, seed, vote, labelled }: Pick<QueryRequest, 'rgb' | 'seed' | 'vote' | 'labelled'>,
): tf.Tensor2D {
  return tf.tidy(() => {
    const votes = voteEntropy(logitsOf(committee, rgb, seed), committee.config.size, vote)
    return labelled ? maskLabelled(votes, labelled) : votes
  })
}

/** [2]: entropy and disagreement of the soft votes, each summed over the pixels, in bits. */
export function uncertaintyOf(committee: Committee, rgb: Uint8Array, seed: number): tf.Tensor1D {
  return tf.tidy(() => {
    const { entropy, disagreement } = softVotes(logitsOf(committee, rgb, seed), committee.config.size)
    return tf.stack([tf.sum(entropy), tf.sum(disagreement)]) as tf.Tensor1D
  })
}

function logitsOf({ network, folded, config }: Committee, rgb: Uint8Array, seed: number): tf.Tensor4D {
  return committeeLogits(network, folded, inputTensor(rgb, config.size), config, seed)
}

/** The map, 0 where `labelled` is 1. */
export function maskLabelled(entropy: tf.Tensor2D, labelled: Uint8Array): tf.Tensor2D {
  const unlabelled = Float32Array.from(labelled, (value) => (value === 0 ? 1 : 0))
  return tf.mul(entropy, tf.tensor2d(unlabelled, entropy.shape))
}

/** Vote entropy, and attention over it: [H, W] each. */
export function queryMaps(
  committee: Committee,
  request: QueryRequest,
): { entropy: tf.Tensor2D; attention: tf.Tensor2D; milliseconds: QueryResult['milliseconds'] } {
  const start = performance.now()
  const entropy = voteEntropyMap(committee, request)
  const voted = performance.now()
  const attention = gaussianAttention(entropy, request.attentionProfile)
  return { entropy, attention, milliseconds: { entropy: voted - start, attention: performance.now() - voted } }
}

/**
 * On WebGPU the whole chain runs on the device and one packed tensor comes back. Nothing is awaited in between, so all
 * of its time counts as the entropy's.
 */
export async function queryImage(committee: Committee, request: QueryRequest): Promise<QueryResult> {
  const start = performance.now()
  const { size } = committee.config
  const { entropy, attention, milliseconds } = queryMaps(committee, request)
  try {
    if (packsQueryResults()) {
      const result = await readPacked(entropy, attention, request, size)
      return { ...result, milliseconds: { entropy: performance.now() - start, attention: 0 } }
    }
    const [entropyValues, attentionValues] = [await entropy.data<'float32'>(), await attention.data<'float32'>()]
    return {
      candidates: regionCandidates(attentionValues, request.labelled, size, request.regionSide),
      entropy: quantize(entropyValues),
      attention: quantize(attentionValues),
      milliseconds,
    }
  } finally {
    tf.dispose([entropy, attention])
  }
}

async function readPacked(
  entropy: tf.Tensor2D,
  attention: tf.Tensor2D,
  { labelled, regionSide }: QueryRequest,
  size: Size,
): Promise<Omit<QueryResult, 'milliseconds'>> {
  const packed = queryResult(entropy, attention, labelled && integralImage(labelled, size), regionSide)
  const { picks, ...maps } = unpackQueryResult(await packed.data<'int32'>(), size, regionSide)
  packed.dispose()
  return { candidates: picks, ...maps }
}
