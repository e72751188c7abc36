/** The network on every encoder against PyTorch: a forward pass of the small nets, a training step of narrow nets. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import golden from '../../tests/golden/encoders.json'
import { describeEngines } from '../../tests/support/engines'
import { HEIGHT, INFERENCE, images, infersLikePyTorch, WIDTH } from '../../tests/support/golden-encoders'
import { goldenParameters, norm } from '../../tests/support/golden-network'
import type { EncoderName, NetworkConfig, TrainingConfig } from '../domain/config'
import type { Batch } from './images'
import { buildNetwork } from './network'
import { disposeParameters, exportArrays } from './parameters'
import { trainStep } from './train-step'

/**
 * Of a gradient's norm. PyTorch's own float32 run is up to 2e-6, 0.28% and 1.6% off its float64 one: ReLU kinks behind
 * BN.
 */
const GRADIENT_TOLERANCE: Record<string, number> = {
  resnet9: 2e-2,
  'drn-d-22': 2e-2,
  'drn-d-38': 2e-2,
  'drn-d-54': 5e-2,
}

function checkerboard(): Batch {
  const labels = Int32Array.from({ length: 2 * HEIGHT * WIDTH }, (_, i) => {
    const y = Math.floor(i / WIDTH) % HEIGHT
    return ((y >> 3) + ((i % WIDTH) >> 3)) % 2
  })
  return {
    images: images(2),
    labels: tf.tensor3d(labels, [2, HEIGHT, WIDTH], 'int32'),
    weights: tf.ones([2, HEIGHT, WIDTH]),
    weightSums: [HEIGHT * WIDTH, HEIGHT * WIDTH],
  }
}

describeEngines('encoders', () => {
  // Those of DRN take long: encoders.long.browser.test.ts.
  const small = INFERENCE.filter(({ encoder }) => !encoder.startsWith('drn'))
  it.each(small)('$encoder, $preset: logits, taps and rating', infersLikePyTorch)

  it.each(golden.training)(
    '$encoder, an eighth as wide: loss and gradients',
    async ({ encoder, loss, gradientNorms }) => {
      const config: NetworkConfig = {
        encoder: encoder as EncoderName,
        width: 0.125,
        channels: 8,
        separable: true,
        firstExpansion: false,
      }
      const network = buildNetwork(config, 2)
      const parameters = goldenParameters(network)
      const batch = checkerboard()
      const found = trainStep(network, parameters, batch, {
        config: { momentum: 0.9, weightDecay: 0, headLrFactor: 1, ratingWeight: 0 } as TrainingConfig,
        learningRate: 0.01,
        roundStep: 0,
        dropout: { layers: [], seed: 1, firstPass: 0 },
        areTapsDetached: true,
        ratingLoss: 'margin',
      })
      expect((await found.data())[0]).toBeCloseTo(loss, 4)
      // After one step the momentum is the gradient.
      const arrays = await exportArrays(parameters)
      for (const [name, expected] of Object.entries(gradientNorms)) {
        const gradient = arrays.get(`momentum.${name}`)?.values ?? []
        expect(Math.abs(norm(gradient) / expected - 1), name).toBeLessThan(GRADIENT_TOLERANCE[encoder] as number)
      }
      disposeParameters(parameters)
      tf.dispose([found, batch.images, batch.labels, batch.weights])
    },
  )
})
