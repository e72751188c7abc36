/** WASM and WebGPU compute the same committee from one checkpoint, and the same seed gives the same bytes again. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it, vi } from 'vitest'
import { enterEngine } from '../../tests/support/engines'
import { attentionProfile } from '../cpral/gaussian-attention'
import { defaultConfig } from '../cpral/presets'
import { regionCandidates } from '../cpral/region-selection'
import { generateScene } from '../demo/scenes/scene'
import type { CpralConfig } from '../domain/config'
import { PROVENANCE } from '../domain/labels'
import { TIMESTAMPS } from '../gpu/pacing'
import { roundBatches } from '../loader/round-batches'
import type { Learner } from '../loop/learner'
import { quantize } from '../math/quantize'
import { readSafetensors } from '../weights/safetensors'
import { foldParameters } from './executors'
import { buildNetwork } from './network'
import { disposeParameters, initialParameters, loadWeights } from './parameters'
import { queryImage, queryMaps } from './query'
import { createLearner } from './tf-learner'

const CLASSES = 19
const SIZE = { height: 64, width: 128 }
const SIDE = 16

function config(): CpralConfig {
  const dataset = { format: 'cityscapes', source: 'demo', trainImages: 8, imageSize: SIZE } as const
  return defaultConfig(dataset, 'tiny', { size: SIZE, training: { epochs: 1 } })
}

async function train(learner: Learner): Promise<void> {
  const pixels = SIZE.height * SIZE.width
  await learner.trainEpoch({
    round: 1,
    epoch: 0,
    epochs: 1,
    firstStep: 0,
    steps: 2,
    roundSteps: 2,
    batch: roundBatches(config(), {
      round: 1,
      imageIds: ['0', '1', '2', '3', '4', '5', '6', '7'],
      sample: async (id) => {
        const { rgb, labels } = generateScene(1, Number(id), SIZE)
        return { rgb, classes: labels, provenance: new Uint8Array(pixels).fill(PROVENANCE.oracle) }
      },
    }),
    onStep: () => undefined,
    signal: new AbortController().signal,
  })
}

/**
 * Counts what is read back from the GPU until the count is asked for; timings of kernels that are new to the device
 * aside.
 */
function countReads(): () => number {
  const map = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
  return () => {
    const reads = map.mock.contexts.filter((buffer) => (buffer as GPUBuffer).label !== TIMESTAMPS).length
    map.mockRestore()
    return reads
  }
}

/** What one checkpoint says of an image: the maps behind a query, and the query itself. */
async function committee(checkpoint: ArrayBuffer, labelled: Uint8Array | null = null) {
  const network = buildNetwork(config().network, CLASSES)
  const parameters = initialParameters(network, 0)
  loadWeights(parameters, readSafetensors(checkpoint, 'checkpoint'), 'checkpoint')
  const folded = foldParameters(network, parameters)
  const { rgb } = generateScene(1, 100, SIZE)
  const attended = attentionProfile(SIDE, 2)
  const request = { rgb, seed: 7, vote: 'hard' as const, labelled, attentionProfile: attended, regionSide: SIDE }
  const maps = queryMaps({ network, folded, config: config() }, request)
  const [entropy, attention] = [await maps.entropy.data<'float32'>(), await maps.attention.data<'float32'>()]
  const reads = countReads()
  const result = await queryImage({ network, folded, config: config() }, request)
  expect(reads()).toBe(tf.getBackend() === 'webgpu' ? 1 : 0)
  tf.dispose([maps.entropy, maps.attention])
  folded.dispose()
  disposeParameters(parameters)
  return { entropy, attention, result, labelled }
}

type Answer = Awaited<ReturnType<typeof committee>>

/** The query must say what suppression and quantisation in plain arrays make of the same maps. */
function expectQueryOfMaps({ entropy, attention, result, labelled }: Answer): void {
  const want = regionCandidates(attention, labelled, SIZE, SIDE)
  expect(want.length).toBeGreaterThan(8)
  expect(result.candidates).toEqual(want)
  for (const [got, map] of [
    [result.entropy, entropy],
    [result.attention, attention],
  ] as const) {
    const { values, max } = quantize(map)
    expect(got.max).toBe(max)
    // Division and rounding in float32 may move a value over the edge between two bytes.
    expect(got.values.every((value, i) => Math.abs(value - values[i]) <= 1)).toBe(true)
    expect(got.values.filter((value, i) => value !== values[i]).length).toBeLessThan(map.length / 1000)
  }
}

describe('engines', () => {
  it('agree on entropy and regions from one checkpoint; WASM repeats itself byte for byte', async () => {
    await enterEngine('wasm')
    const checkpoints: ArrayBuffer[] = []
    for (let repeat = 0; repeat < 2; repeat++) {
      const learner = createLearner(config(), CLASSES, null)
      await train(learner)
      await train(learner)
      checkpoints.push(await learner.save())
      learner.dispose()
    }
    expect(new Uint8Array(checkpoints[1])).toEqual(new Uint8Array(checkpoints[0]))
    const wasm = await committee(checkpoints[0])
    const again = await committee(checkpoints[0])
    expect(again.entropy).toEqual(wasm.entropy)
    expectQueryOfMaps(wasm)

    await enterEngine('webgpu')
    const webgpu = await committee(checkpoints[0])
    expectQueryOfMaps(webgpu)
    // A labelled frame around the image, and one window's worth of labels inside.
    const labelled = Uint8Array.from(webgpu.entropy, (_, i) => {
      const [y, x] = [Math.floor(i / SIZE.width), i % SIZE.width]
      return Number(y < 4 || x > 120 || (y >= 20 && y < 40 && x >= 30 && x < 60))
    })
    expectQueryOfMaps(await committee(checkpoints[0], labelled))
    const differing = wasm.entropy.filter((value, i) => Math.abs(value - webgpu.entropy[i]) > 1e-3).length
    expect(differing / wasm.entropy.length, `${differing} of ${wasm.entropy.length} pixels differ`).toBeLessThanOrEqual(
      1e-3,
    )
    expect(Math.max(...wasm.entropy)).toBeGreaterThan(0.3)
    const top = (maps: Answer) => regionCandidates(maps.attention, null, SIZE, SIDE).slice(0, 8)
    const [a, b] = [top(wasm), top(webgpu)]
    for (const [i, region] of a.entries()) {
      const isSame = region.x === b[i].x && region.y === b[i].y
      const isTie = Math.abs(region.score - b[i].score) <= 1e-3 * region.score
      expect(isSame || isTie, `region ${i}: ${JSON.stringify([region, b[i]])}`).toBe(true)
    }
  })
})
