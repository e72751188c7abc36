/** The whole network against PyTorch: two training steps and an inference, every gradient, on each engine. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { goldenParameters } from '../../tests/support/golden-network'
import {
  CLASSES,
  CONFIG,
  goldenBatch,
  LIKE_PYTORCH,
  NETWORK,
  SIZE,
  trainsLikePyTorch,
} from '../../tests/support/golden-training'
import { buildNetwork } from './network'
import { disposeParameters } from './parameters'
import { trainStep } from './train-step'

describeEngines('network', () => {
  it(LIKE_PYTORCH, trainsLikePyTorch)

  it('leaks no tensor over steps', async () => {
    const network = buildNetwork(NETWORK, CLASSES)
    const parameters = goldenParameters(network)
    const batch = goldenBatch()
    const settings = {
      config: CONFIG,
      learningRate: 0.001,
      roundStep: 0,
      dropout: { layers: ['aspp'] as const, seed: 1, firstPass: 0 },
      ratingLoss: 'margin' as const,
    }
    trainStep(network, parameters, batch, { ...settings, areTapsDetached: false }).dispose()
    const before = tf.memory().numTensors
    trainStep(network, parameters, batch, { ...settings, areTapsDetached: false }).dispose()
    trainStep(network, parameters, batch, { ...settings, areTapsDetached: true }).dispose()
    // No pair of images with labels: nothing for the rating head to learn.
    const unpaired = { ...batch, weightSums: batch.weightSums.map((sum, n) => (n < SIZE.batch / 2 ? sum : 0)) }
    trainStep(network, parameters, unpaired, { ...settings, areTapsDetached: true }).dispose()
    trainStep(network, parameters, unpaired, { ...settings, areTapsDetached: false }).dispose()
    expect(tf.memory().numTensors).toBe(before)
    disposeParameters(parameters)
    tf.dispose([batch.images, batch.labels, batch.weights])
  })
})
