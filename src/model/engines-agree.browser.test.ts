/** WASM and WebGPU compute the same committee from one checkpoint, and the same seed gives the same bytes again. */
import { describe, expect, it } from 'vitest'
import type { CpralConfig } from '../cpral/config'
import { attentionProfile } from '../cpral/gaussian-attention'
import type { CommitteeMaps, Learner } from '../cpral/learner'
import { defaultConfig } from '../cpral/presets'
import { regionCandidates } from '../cpral/region-selection'
import { ENGINES } from '../engine/testing'
import { generateScene } from '../scenes/scene'
import { PROVENANCE } from '../storage/schema'
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
    maxSteps: 8,
    imageIds: ['0', '1', '2', '3', '4', '5', '6', '7'],
    sample: async (id) => {
      const { rgb, labels } = generateScene(1, Number(id), SIZE)
      return { rgb, classes: labels, provenance: new Uint8Array(pixels).fill(PROVENANCE.oracle) }
    },
    onStep: () => undefined,
    signal: new AbortController().signal,
  })
}

async function committee(checkpoint: ArrayBuffer): Promise<CommitteeMaps> {
  const learner = createLearner(config(), CLASSES, null)
  learner.load(checkpoint)
  learner.prepareInference()
  const { rgb } = generateScene(1, 100, SIZE)
  const maps = await learner.committee({
    rgb,
    seed: 7,
    vote: 'hard',
    labelled: null,
    attentionProfile: attentionProfile(SIDE, 2),
  })
  learner.dispose()
  return maps
}

describe('engines', () => {
  it('agree on entropy and regions from one checkpoint; WASM repeats itself byte for byte', async () => {
    await ENGINES.wasm.boot()
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

    await ENGINES.webgpu.boot()
    const webgpu = await committee(checkpoints[0])
    const differing = wasm.entropy.filter((value, i) => Math.abs(value - webgpu.entropy[i]) > 1e-3).length
    expect(differing / wasm.entropy.length, `${differing} of ${wasm.entropy.length} pixels differ`).toBeLessThanOrEqual(
      1e-3,
    )
    expect(Math.max(...wasm.entropy)).toBeGreaterThan(0.3)
    const top = (maps: CommitteeMaps) => regionCandidates(maps.attention, null, SIZE, SIDE).slice(0, 8)
    const [a, b] = [top(wasm), top(webgpu)]
    for (const [i, region] of a.entries()) {
      const isSame = region.x === b[i].x && region.y === b[i].y
      const isTie = Math.abs(region.score - b[i].score) <= 1e-3 * region.score
      expect(isSame || isTie, `region ${i}: ${JSON.stringify([region, b[i]])}`).toBe(true)
    }
  })
})
