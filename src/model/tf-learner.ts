/** The learner on tfjs: DeepLabV3+ with a rating head, on whichever engine is booted. */
import * as tf from '@tensorflow/tfjs-core'
import type { CpralConfig } from '../domain/config'
import { compileAhead } from '../gpu/compile-ahead'
import type { Learner } from '../loop/learner'
import { type NamedArrays, readSafetensors, writeSafetensors } from '../weights/safetensors'
import { classScoresOf } from './class-scores'
import { requireFiniteArrays } from './divergence'
import { type FoldedParameters, foldParameters } from './executors'
import { featuresOf, ratingsOf, statisticsOf } from './inference'
import { buildNetwork } from './network'
import {
  disposeParameters,
  exportArrays,
  inferenceWeights,
  initialParameters,
  loadTraining,
  loadWeights,
  type Parameters,
} from './parameters'
import { attendOnEngine } from './patch-attention'
import { type Committee, queryImage, uncertaintyOf } from './query'
import { rehearse } from './rehearsal'
import { trainEpoch } from './training'
import { trainAdversary } from './vaal/training'

/** `initialWeights` are published encoder weights; `fileName` names them in errors. */
export interface InitialWeights {
  arrays: NamedArrays
  fileName: string
}

export interface TfLearner extends Learner {
  /** Compiles what the run's stages will need, where the engine compiles anything. @throws AppError 'kernel_failed' */
  compile(onProgress: (done: number, total: number) => void): Promise<void>
}

/** @throws AppError 'bad_file' when the initial weights do not fit the network. */
export function createLearner(config: CpralConfig, classes: number, initialWeights: InitialWeights | null): TfLearner {
  const network = buildNetwork(config.network, classes)
  const fresh = (): Parameters => {
    const parameters = initialParameters(network, config.seed, config.training.averaging)
    if (initialWeights) loadWeights(parameters, initialWeights.arrays, initialWeights.fileName)
    return parameters
  }
  let parameters = fresh()
  let folded: FoldedParameters | null = null
  const dropFolded = () => {
    folded?.dispose()
    folded = null
  }
  const committee = (): Committee => {
    if (!folded) throw new Error('prepareInference() comes first')
    return { network, folded, config }
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
      const next = initialParameters(network, config.seed, config.training.averaging)
      const arrays = readSafetensors(bytes, 'checkpoint')
      loadWeights(next, arrays, 'checkpoint')
      loadTraining(next, arrays)
      replaceParameters(next)
    },
    prepareInference: () => {
      dropFolded()
      folded = foldParameters(network, inferenceWeights(parameters))
    },
    statistics: async (rgb) => {
      const maps = statisticsOf(committee(), rgb)
      const [prediction, confidence, margin, entropy] = await Promise.all([
        maps.prediction.data(),
        maps.confidence.data<'float32'>(),
        maps.margin.data<'float32'>(),
        maps.entropy.data<'float32'>(),
      ])
      tf.dispose([maps.prediction, maps.confidence, maps.margin, maps.entropy])
      return { prediction: Uint8Array.from(prediction), confidence, margin, entropy }
    },
    rate: async (rgbs) => {
      const ratings = ratingsOf(committee(), inferenceWeights(parameters), rgbs)
      const values = await ratings.data()
      ratings.dispose()
      return [...values]
    },
    query: (request) => queryImage(committee(), request),
    classScores: (request) => classScoresOf(committee(), inferenceWeights(parameters), request),
    uncertainty: async (rgb, seed) => {
      const sums = uncertaintyOf(committee(), rgb, seed)
      const [entropy, disagreement] = await sums.data()
      sums.dispose()
      return { entropy, disagreement }
    },
    trainAdversary: (request) => trainAdversary(config, request),
    attendToPatches: attendOnEngine,
    features: async (rgb) => {
      const pooled = featuresOf(committee(), rgb)
      const values = await pooled.data<'float32'>()
      pooled.dispose()
      return values
    },
    compile: (onProgress) => compileAhead(() => rehearse(network, parameters, config), onProgress),
    dispose: () => {
      dropFolded()
      disposeParameters(parameters)
    },
  }
}
