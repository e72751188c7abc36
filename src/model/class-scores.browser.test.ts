/** Scores class by class against plain loops over the same network's logits, on both engines. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { describeEngines, enterEngine } from '../../tests/support/engines'
import { expectClose } from '../../tests/support/numbers'
import { attentionProfile, uniformProfile } from '../cpral/gaussian-attention'
import type { Uncertainty } from '../cpral/pool-rules'
import { defaultConfig } from '../cpral/presets'
import { windowGrid, windowStride } from '../cpral/window-grid'
import { generateScene } from '../demo/scenes/scene'
import { classWindowsReference } from '../kernels/committee/class-windows.reference'
import { pixelStatisticsReference } from '../kernels/committee/pixel-statistics.reference'
import { voteEntropyReference } from '../kernels/committee/vote-entropy.reference'
import type { ClassScoreRequest, ClassScoreResult } from '../loop/learner'
import { quantize } from '../math/quantize'
import { classScoresOf } from './class-scores'
import { foldParameters, inferenceExecutor } from './executors'
import { inputTensor } from './images'
import { ratingsOf } from './inference'
import { committeeLogits } from './monte-carlo'
import { buildNetwork, forwardSegmentation } from './network'
import { disposeParameters, initialParameters, type Parameters } from './parameters'
import type { Committee } from './query'

const SIZE = { height: 48, width: 64 }
const SIDE = 12
const CLASSES = 7
const config = defaultConfig({ format: 'generic', source: 'demo', trainImages: 8, imageSize: SIZE }, 'tiny', {
  size: SIZE,
  monteCarlo: { passes: 5 },
})
const { rgb } = generateScene(1, 3, SIZE)
const LABELLED = Uint8Array.from({ length: SIZE.height * SIZE.width }, (_, i) => Number(i % SIZE.width < 20))

const requestOf = (uncertainty: Uncertainty, labelled: Uint8Array | null): ClassScoreRequest => ({
  rgb,
  seed: 7,
  vote: 'soft',
  labelled,
  uncertainty,
  attentionProfile: uncertainty === 'votes' ? attentionProfile(SIDE, 2) : uniformProfile(SIDE),
  regionSide: SIDE,
  wantsRating: true,
  wantsMap: true,
})

async function withCommittee<T>(body: (committee: Committee, parameters: Parameters) => Promise<T>): Promise<T> {
  const network = buildNetwork(config.network, CLASSES)
  const parameters = initialParameters(network, 3)
  const folded = foldParameters(network, parameters)
  try {
    return await body({ network, folded, config }, parameters)
  } finally {
    folded.dispose()
    disposeParameters(parameters)
  }
}

/** Plain logits [h, w, C] and those of the passes [m, h, w, C'], as numbers. */
async function logitsOf({ network, folded }: Committee) {
  const [plain, passes] = tf.tidy(() => {
    const image = inputTensor(rgb, SIZE)
    const { logits } = forwardSegmentation(network, inferenceExecutor(folded), image)
    return [logits, committeeLogits(network, folded, image, config, 7)] as [tf.Tensor4D, tf.Tensor4D]
  })
  const numbers = { plain: await plain.data<'float32'>(), passes: await passes.data<'float32'>() }
  const shapes = { plain: plain.shape, passes: passes.shape }
  tf.dispose([plain, passes])
  return { ...numbers, shapes }
}

const KINDS = ['votes', 'margin', 'entropy'] as const

describeEngines('class scores', (engine) => {
  it.each(KINDS)('%s: masses, shares, rating and map are those of the logits', async (uncertainty) => {
    await withCommittee(async (committee, parameters) => {
      const { plain, passes, shapes } = await logitsOf(committee)
      const { confidence, margin, entropy } = pixelStatisticsReference(plain, shapes.plain, SIZE)
      const whole = {
        votes: () => voteEntropyReference(passes, shapes.passes, SIZE, 'soft'),
        margin: () => margin.map((value, i) => (confidence[i] - value) / confidence[i]),
        entropy: () => entropy,
      }[uncertainty]()
      const ratings = ratingsOf(committee, parameters, [rgb])
      const [rating] = await ratings.data()
      ratings.dispose()
      for (const labelled of [null, LABELLED]) {
        const map = whole.map((value, i) => (labelled?.[i] ? 0 : value))
        const request = requestOf(uncertainty, labelled)
        const sum = request.attentionProfile.reduce((total, value) => total + value, 0)
        const mean = request.attentionProfile.map((value) => value / sum)
        const shape = shapes.plain.slice(1) as [number, number, number]
        const want = classWindowsReference(plain, shape, map, SIZE, mean, windowStride(SIDE))
        const got = await classScoresOf(committee, parameters, request)
        const { ys, xs } = windowGrid(SIZE, SIDE)
        expect(got.masses).toHaveLength(ys.length * xs.length * CLASSES)
        expectClose(got.masses, want.subarray(0, -CLASSES), { absolute: 2e-5 }, 'masses')
        expectClose(got.classShares, want.subarray(-CLASSES), { absolute: 1e-5 }, 'shares')
        expect(got.rating).toBeCloseTo(rating, 4)
        const shown = (uncertainty === 'margin' ? entropy : whole).map((value, i) => (labelled?.[i] ? 0 : value))
        expect(got.map?.max).toBeCloseTo(quantize(shown).max, 4)
        if (labelled)
          expect(got.map?.values.filter((_, i) => labelled[i] === 1).every((value) => value === 0)).toBe(true)
      }
    })
  })

  it('runs the encoder once, and passes for votes alone; leaves nothing behind', async () => {
    await withCommittee(async (committee, parameters) => {
      const runs = async (uncertainty: Uncertainty) => {
        let count = 0
        const encoder = { ...committee.network.encoder }
        encoder.forward = (executor, x) => {
          count++
          return committee.network.encoder.forward(executor, x)
        }
        const before = tf.memory().numTensors
        await classScoresOf(
          { ...committee, network: { ...committee.network, encoder } },
          parameters,
          requestOf(uncertainty, null),
        )
        expect(tf.memory().numTensors).toBe(before)
        return count
      }
      expect([await runs('votes'), await runs('margin'), await runs('entropy')]).toEqual([1, 1, 1])
    })
  })

  it('brings neither rating nor map unless they are wanted', async () => {
    await withCommittee(async (committee, parameters) => {
      const request = requestOf('entropy', null)
      const all = await classScoresOf(committee, parameters, request)
      const less = await classScoresOf(committee, parameters, { ...request, wantsRating: false, wantsMap: false })
      expect(less).toEqual({ masses: all.masses, classShares: all.classShares, rating: null, map: null })
    })
  })

  if (engine === 'wasm') {
    it('repeats itself byte for byte', async () => {
      const run = () =>
        withCommittee((committee, parameters) => classScoresOf(committee, parameters, requestOf('votes', LABELLED)))
      expect(await run()).toEqual(await run())
    })
  }
})

describe('engines', () => {
  it.each(KINDS)('agree on %s', async (uncertainty) => {
    const results: ClassScoreResult[] = []
    for (const engine of ['wasm', 'webgpu'] as const) {
      await enterEngine(engine)
      results.push(
        await withCommittee((committee, parameters) =>
          classScoresOf(committee, parameters, requestOf(uncertainty, null)),
        ),
      )
    }
    const [wasm, webgpu] = results
    expectClose(webgpu.masses, wasm.masses, { absolute: 1e-4 }, 'masses')
    expectClose(webgpu.classShares, wasm.classShares, { absolute: 1e-5 }, 'shares')
    expect(Math.max(...wasm.masses)).toBeGreaterThan(0.01)
  })
})
