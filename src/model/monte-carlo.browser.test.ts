/** The committee's shortcut (all before the first dropout once) against m full passes; dropout sites; kernel counts. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { expectClose } from '../../tests/support/numbers'
import { defaultConfig } from '../cpral/presets'
import type { DropoutSite } from '../domain/config'
import { randomStream } from '../math/random'
import { foldParameters, inferenceExecutor } from './executors'
import type { DropoutLayer } from './layers'
import { committeeLogits } from './monte-carlo'
import { buildNetwork, forwardSegmentation, type Network } from './network'
import { disposeParameters, initialParameters } from './parameters'

const SIZE = { height: 32, width: 64 }
const dataset = { format: 'cityscapes', source: 'demo', trainImages: 8, imageSize: SIZE } as const
const CLASSES = 5
const [network, dense] = [true, false].map((separable) =>
  buildNetwork({ encoder: 'mobilenetv2', width: 0.25, channels: 8, separable, firstExpansion: false }, CLASSES),
) as [Network, Network]
const LAYERS: Record<DropoutSite, DropoutLayer[]> = {
  decoder: ['aspp', 'decoderFirst', 'decoderLast'],
  encoder: ['encoderHigh', 'encoderLow'],
  head: ['decoderLast'],
}
const CASES = [
  ...(Object.keys(LAYERS) as DropoutSite[]).map((site) => ({ site, net: 'separable', network })),
  { site: 'decoder' as const, net: 'dense', network: dense },
]

function makeImage(): tf.Tensor4D {
  const random = randomStream(1, 'image')
  return tf.tensor4d(
    Float32Array.from({ length: SIZE.height * SIZE.width * 3 }, () => random.normal()),
    [1, SIZE.height, SIZE.width, 3],
  )
}

describeEngines('committee', (engine) => {
  it.each(CASES)('dropout in the $site, $net: equals full passes, and passes differ', async ({ site, network }) => {
    const config = defaultConfig(dataset, 'tiny', { size: SIZE, monteCarlo: { passes: 3, dropout: site } })
    const layers = LAYERS[site]
    const parameters = initialParameters(network, 1)
    const folded = foldParameters(network, parameters)
    const image = makeImage()
    const committee = tf.tidy(() => committeeLogits(network, folded, image, config, 5))
    const full = [0, 1, 2].map((firstPass) =>
      tf.tidy(() => {
        const executor = inferenceExecutor(folded, { layers, seed: 5, firstPass })
        return forwardSegmentation(network, executor, image).logits
      }),
    )
    const got = await committee.data()
    const passes = await Promise.all(full.map((logits) => logits.data<'float32'>()))
    const pixels = passes[0].length / CLASSES
    const padded = committee.shape[3]
    for (const [n, pass] of passes.entries()) {
      const want = Array.from({ length: pixels * padded }, (_, i) => {
        const c = i % padded
        return c < CLASSES ? pass[Math.floor(i / padded) * CLASSES + c] : -1e30
      })
      expectClose(got.slice(n * want.length, (n + 1) * want.length), want, { relative: 1e-4, absolute: 1e-4 })
    }
    const difference = passes[0].reduce((most, value, i) => Math.max(most, Math.abs(value - passes[1][i])), 0)
    expect(difference).toBeGreaterThan(1e-2)
    folded.dispose()
    disposeParameters(parameters)
    tf.dispose([image, committee, ...full])
  })

  it.each(CASES)(
    'dropout in the $site, $net: half precision changes logits by a thousandth',
    async ({ site, network }) => {
      const parameters = initialParameters(network, 1)
      const folded = foldParameters(network, parameters)
      const image = makeImage()
      const [full, half] = (['float32', 'float16'] as const).map((precision) => {
        const config = defaultConfig(dataset, 'tiny', {
          size: SIZE,
          monteCarlo: { passes: 3, dropout: site, precision },
        })
        return tf.tidy(() => committeeLogits(network, folded, image, config, 5))
      }) as [tf.Tensor4D, tf.Tensor4D]
      const [want, got] = [await full.data<'float32'>(), await half.data<'float32'>()]
      const largest = want.reduce((most, value) => (value > -1e30 ? Math.max(most, Math.abs(value)) : most), 0)
      expectClose(got, want, { relative: 1e-6, absolute: engine === 'webgpu' ? 2e-3 * largest : 0 })
      if (engine === 'webgpu') expect(got).not.toEqual(want)
      folded.dispose()
      disposeParameters(parameters)
      tf.dispose([image, full, half])
    },
  )

  it('runs the encoder once for all passes', () => {
    const parameters = initialParameters(network, 1)
    const folded = foldParameters(network, parameters)
    const image = makeImage()
    const encoderRuns = (passes: number) => {
      const config = defaultConfig(dataset, 'tiny', { size: SIZE, monteCarlo: { passes, dropout: 'decoder' } })
      let count = 0
      const encoder = { ...network.encoder }
      encoder.forward = (executor, x) => {
        count++
        return network.encoder.forward(executor, x)
      }
      tf.tidy(() => committeeLogits({ ...network, encoder }, folded, image, config, 5))
      return count
    }
    expect([encoderRuns(1), encoderRuns(20)]).toEqual([1, 1])
    folded.dispose()
    disposeParameters(parameters)
    image.dispose()
  })
})
