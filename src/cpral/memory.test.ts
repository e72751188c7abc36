import { describe, expect, it } from 'vitest'
import { memoryWarning, trainingBytes } from './memory'
import { type ConfigOverrides, defaultConfig } from './presets'

const cityscapes = {
  format: 'cityscapes',
  source: 'folder',
  trainImages: 2975,
  imageSize: { height: 1024, width: 2048 },
} as const
const paper = (overrides: ConfigOverrides = {}) => defaultConfig(cityscapes, 'paper', overrides)

describe('memory of a training step', () => {
  it('by hand: MobileNetV2, paper, 19 classes, one pixel more costs its maps twice and its logits', () => {
    const config = paper({ size: { height: 1, width: 1 }, training: { batchSize: 2 } })
    const pyramid = (10 * 256) / 256
    const decoder = (48 + (256 + 48) + 2 * 256 + 19) / 16
    expect(trainingBytes(config, 19)).toBeCloseTo(4 * 2 * (2 * (152.75 + pyramid + decoder) + 2 * 19), 6)
  })

  it('grows with batch and size', () => {
    const one = trainingBytes(paper({ training: { batchSize: 2 } }), 19)
    expect(trainingBytes(paper({ training: { batchSize: 4 } }), 19)).toBeCloseTo(2 * one)
    const half = paper({ training: { batchSize: 2 }, size: { height: 256, width: 512 } })
    expect(trainingBytes(half, 19)).toBeCloseTo(one / 4)
  })

  it('warns of the paper on a DRN at 512 x 1024, and not of small images', () => {
    const drn = { network: { encoder: 'drn-d-54' } } as const
    expect(memoryWarning(paper(drn), 19)).toMatch(/2 images at 512 x 1024 keeps about 5\.2 GB.*smaller input size/)
    expect(memoryWarning(paper({ ...drn, size: { height: 128, width: 256 } }), 19)).toBeNull()
    expect(memoryWarning(defaultConfig({ ...cityscapes, source: 'demo' }, 'tiny'), 19)).toBeNull()
  })
})
