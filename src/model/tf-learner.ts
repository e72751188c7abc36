/** The learner on tfjs: DeepLabV3+ with a rating head, on whichever engine is booted. */
import * as tf from '@tensorflow/tfjs'
import type { CpralConfig } from '../cpral/config'
import type { Learner } from '../cpral/learner'
import { pixelStatistics } from '../kernels/pixel-statistics/pixel-statistics'
import { attend } from './attend'
import { requireFiniteArrays } from './divergence'
import { type FoldedParameters, foldParameters, inferenceExecutor } from './executors'
import { inputTensor } from './images'
import { buildNetwork, forwardSegmentation } from './network'
import {
  disposeParameters,
  exportArrays,
  initialParameters,
  loadVelocities,
  loadWeights,
  type Parameters,
} from './parameters'
import { queryImage, voteEntropyMap } from './query'
import { poolTaps } from './rating-head'
import { type NamedArrays, readSafetensors, writeSafetensors } from './safetensors'
import { trainEpoch } from './training'

/** `initialWeights` are published encoder weights; `fileName` names them in errors. */
export interface InitialWeights {
  arrays: NamedArrays
  fileName: string
}

/** @throws AppError 'bad_file' when the initial weights do not fit the network. */
export function createLearner(config: CpralConfig, classes: number, initialWeights: InitialWeights | null): Learner {
  const network = buildNetwork(config.network, classes)
  const fresh = (): Parameters => {
    const parameters = initialParameters(network, config.seed)
    if (initialWeights) loadWeights(parameters, initialWeights.arrays, initialWeights.fileName)
    return parameters
  }
  let parameters = fresh()
  let folded: FoldedParameters | null = null
  const dropFolded = () => {
    folded?.dispose()
    folded = null
  }
  const foldedOrThrow = (): FoldedParameters => {
    if (!folded) throw new Error('prepareInference() comes first')
    return folded
  }
  const replaceParameters = (next: Parameters) => {
    dropFolded()
    disposeParameters(parameters)
    parameters = next
  }
  return {
    reset: () => replaceParameters(fresh()),
    trainEpoch: (request) => {
      dropFolded()
      return trainEpoch(network, parameters, config, request)
    },
    save: async () => writeSafetensors(requireFiniteArrays(await exportArrays(parameters))),
    load: (bytes) => {
      const next = initialParameters(network, config.seed)
      const arrays = readSafetensors(bytes, 'checkpoint')
      loadWeights(next, arrays, 'checkpoint')
      loadVelocities(next, arrays)
      replaceParameters(next)
    },
    prepareInference: () => {
      dropFolded()
      folded = foldParameters(network, parameters)
    },
    statistics: async (rgb) => {
      const logits = tf.tidy(() => {
        const image = inputTensor(rgb, config.size)
        return forwardSegmentation(network, inferenceExecutor(foldedOrThrow()), image).logits
      })
      const maps = pixelStatistics(logits, config.size)
      const [prediction, confidence, margin, entropy] = await Promise.all([
        maps.prediction.data(),
        maps.confidence.data<'float32'>(),
        maps.margin.data<'float32'>(),
        maps.entropy.data<'float32'>(),
      ])
      tf.dispose([logits, maps.prediction, maps.confidence, maps.margin, maps.entropy])
      return { prediction: Uint8Array.from(prediction), confidence, margin, entropy }
    },
    rate: async (rgbs) => {
      const ratings = tf.tidy(() => {
        const images = tf.concat(rgbs.map((rgb) => inputTensor(rgb, config.size)))
        const { taps } = network.encoder.forward(inferenceExecutor(foldedOrThrow()), images)
        return network.ratingHead.forward((name) => parameters.values.get(name) as tf.Tensor, poolTaps(taps))
      })
      const values = await ratings.data()
      ratings.dispose()
      return [...values]
    },
    query: (request) => queryImage({ network, folded: foldedOrThrow(), config }, request),
    uncertainty: async (rgb, seed) => {
      const total = tf.tidy(() => {
        const committee = { network, folded: foldedOrThrow(), config }
        return tf.sum(voteEntropyMap(committee, { rgb, seed, vote: 'soft', labelled: null }))
      })
      const [sum] = await total.data()
      total.dispose()
      return sum as number
    },
    attend,
    features: async (rgb) => {
      const pooled = tf.tidy(() => {
        const executor = inferenceExecutor(foldedOrThrow())
        const { high, low } = network.encoder.forward(executor, inputTensor(rgb, config.size))
        const pyramid = network.aspp.forward(executor, high)
        return tf.mean(network.decoder.join(pyramid, network.decoder.reduceLow(executor, low)), [1, 2])
      })
      const values = await pooled.data<'float32'>()
      pooled.dispose()
      return values
    },
    dispose: () => {
      dropFolded()
      disposeParameters(parameters)
    },
  }
}
