/** One optimizer step on our engine. */
import * as tf from '@tensorflow/tfjs-core'
import type { RecipeName } from '../../../src/domain/config'
import type { Size } from '../../../src/domain/size'
import { stackSamples } from '../../../src/loader/batch'
import { randomStream } from '../../../src/math/random'
import { batchTensors } from '../../../src/model/images'
import type { DropoutLayer } from '../../../src/model/layers'
import { buildNetwork } from '../../../src/model/network'
import { disposeParameters, initialParameters, loadWeights } from '../../../src/model/parameters'
import { trainStep } from '../../../src/model/train-step'
import type { Program, Programs } from './serve'
import {
  BATCH,
  CLASSES,
  configOf,
  PERSON_SIZE,
  PROOF_RATE,
  PROOF_SIZE,
  proofOf,
  publishedWeights,
  QUERY_SIZE,
  sampleImages,
  TRAINING_SIZE,
} from './workload'

type Layers = readonly DropoutLayer[]

/** A fresh net and a batch of some size. */
function trainer(size: Size, { rate, recipe = 'paper' }: { rate?: number; recipe?: RecipeName } = {}) {
  const config = configOf('light', { recipe, size, training: { flipProbability: 0, blurProbability: 0 } })
  const { training } = config
  const network = buildNetwork(config.network, CLASSES)
  const parameters = initialParameters(network, 1, training.averaging)
  loadWeights(parameters, publishedWeights(network), 'bench')
  const random = randomStream(1, 'bench-augmentation')
  const batch = batchTensors(stackSamples(sampleImages(BATCH, size), size, training, random), size)
  return {
    step: (layers: Layers) =>
      trainStep(network, parameters, batch, {
        config: training,
        learningRate: rate ?? training.learningRate,
        roundStep: 0,
        dropout: { layers, seed: 1, firstPass: 0 },
        areTapsDetached: training.ratingDetachAt === 0,
        ratingLoss: 'margin',
      }),
    dispose: () => {
      disposeParameters(parameters)
      tf.dispose([batch.images, batch.labels, batch.weights])
    },
  }
}

function lightStep(): Program {
  const { step, dispose } = trainer(TRAINING_SIZE)
  return {
    run: () => step(['aspp', 'decoderFirst', 'decoderLast']).dispose(),
    fingerprint: async () => {
      const proof = trainer(PROOF_SIZE, { rate: PROOF_RATE })
      const proven = await proofOf(() => proof.step([]))
      proof.dispose()
      return proven
    },
    dispose,
  }
}

/** A step by our own rules, at the size of a query. */
function studioStep(size: Size): Program {
  const { step, dispose } = trainer(size, { recipe: 'studio' })
  return { run: () => step(['aspp', 'decoderFirst', 'decoderLast']).dispose(), dispose }
}

export const trainStepPrograms: Programs = {
  'train-step': lightStep,
  'train-step-query': () => studioStep(QUERY_SIZE),
  'train-step-query-person': () => studioStep(PERSON_SIZE),
}
