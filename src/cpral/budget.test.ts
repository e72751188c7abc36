import { describe, expect, it } from 'vitest'
import type { CpralConfig, MethodName } from '../domain/config'
import { budgetOutlook, budgetWarning } from './budget'
import { defaultConfig } from './presets'

function configOf(method: MethodName, selection: Partial<CpralConfig['selection']>) {
  const dataset = {
    format: 'generic',
    source: 'folder',
    trainImages: 24,
    imageSize: { height: 64, width: 64 },
  } as const
  return defaultConfig(dataset, 'tiny', { selection: { method, ...selection } })
}

const SHORT = { initialImages: 4, panopticSize: 10, budgetImages: 4, rounds: 5 }

describe('a budget that cannot be spent', () => {
  it('is known before the run: two queries use the 20 unlabelled images up', () => {
    expect(budgetOutlook(configOf('cpral', SHORT), 24)).toEqual({ wanted: 16, expected: 8, shortQueries: [3, 4] })
    expect(budgetWarning(configOf('cpral', SHORT), 24)).toBe(
      'The budget cannot be spent: 4 queries of 4 image areas are 16 image areas, and about 8 image areas will be labelled (queries 3 to 4 of 4 will fall short), for every query takes regions out of up to 10 of 20 unlabelled images, regions that do not overlap cover about half of an image, and an image is asked about once. Choose a smaller panoptic size, a smaller budget or fewer rounds.',
    )
  })

  it('a subset too small for the budget wants a larger one', () => {
    const warning = budgetWarning(configOf('entropy-r', { ...SHORT, panopticSize: 4, rounds: 3 }), 24)
    expect(warning).toContain('about 4.2 image areas')
    expect(warning).toContain('Choose a larger panoptic size, a smaller budget or fewer rounds.')
  })

  it('whole images run out when they are all labelled', () => {
    expect(budgetWarning(configOf('random', SHORT), 24)).toBeNull()
    expect(budgetOutlook(configOf('random', { ...SHORT, rounds: 7 }), 24).shortQueries).toEqual([6])
    expect(budgetWarning(configOf('random', { ...SHORT, rounds: 7 }), 24)).toContain('only 20 images are unlabelled')
  })

  it('regions of all images go on until the pool is labelled', () => {
    expect(budgetWarning(configOf('region-only', SHORT), 24)).toBeNull()
    expect(budgetWarning(configOf('region-only', { ...SHORT, rounds: 7 }), 24)).toContain('query 6 of 6')
  })
})

describe('a few regions of each image', () => {
  const few = { ...SHORT, regionsPerImage: 2 }

  it('can be fewer than the budget wants', () => {
    // 20 images of 2 windows of 16 x 16, in areas of 64 x 64.
    expect(budgetOutlook(configOf('balanced-entropy', few), 24)).toEqual({
      wanted: 16,
      expected: 10,
      shortQueries: [1, 2, 3, 4],
    })
    const warning = budgetWarning(configOf('balanced-entropy', few), 24)
    expect(warning).toContain('for a query takes at most 2 regions of an image. Choose more or larger regions')
  })

  it('are enough by default, and do not bound other methods', () => {
    expect(budgetWarning(configOf('stratified-entropy', SHORT), 24)).toBeNull()
    expect(budgetWarning(configOf('region-only', few), 24)).toBeNull()
  })

  it('end with the pool', () => {
    expect(budgetWarning(configOf('balanced-margin', { ...SHORT, rounds: 7 }), 24)).toContain('only 20 images')
  })
})

describe("the paper's settings", () => {
  const paper = (format: 'cityscapes' | 'bdd100k' | 'camvid', trainImages: number) => {
    const imageSize = { height: 512, width: 1024 }
    return defaultConfig({ format, source: 'folder', trainImages, imageSize }, 'paper')
  }

  it('can be spent', () => {
    expect(budgetWarning(paper('cityscapes', 2975), 2975)).toBeNull()
    expect(budgetWarning(paper('bdd100k', 7000), 7000)).toBeNull()
    expect(budgetWarning(paper('camvid', 367), 367)).toBeNull()
  })

  it('a run of one round asks for nothing', () => {
    expect(budgetWarning(configOf('cpral', { ...SHORT, rounds: 1, initialImages: 24 }), 24)).toBeNull()
  })
})
