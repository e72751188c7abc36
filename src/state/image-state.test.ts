import { describe, expect, it } from 'vitest'
import type { RoundRecord } from '../domain/round'
import { imageState, selectedImages } from './image-state'

const round = (subset: string[], regions: string[], isComplete: boolean) =>
  ({
    subset: subset.map((imageId) => ({ imageId, score: 1 })),
    regions: regions.map((imageId) => ({ imageId, x: 0, y: 0, width: 8, height: 8, score: 1 })),
    isComplete,
  }) as unknown as RoundRecord

describe('selectedImages', () => {
  it('is what the round at hand looks at, and nothing once that round is complete', () => {
    expect(selectedImages([round(['a'], [], true), round(['b', 'c'], ['c', 'd'], false)])).toEqual(
      new Set(['b', 'c', 'd']),
    )
    expect(selectedImages([round(['a'], ['a'], true)])).toEqual(new Set())
    expect(selectedImages([])).toEqual(new Set())
  })
})

describe('imageState', () => {
  const selected = new Set(['b'])
  it.each([
    ['validation', { id: 'b', split: 'val' }, { labelled: 1, extended: 0 }],
    ['labelled', { id: 'a', split: 'train' }, { labelled: 1, extended: 0 }],
    ['partial', { id: 'b', split: 'train' }, { labelled: 0.01, extended: 0.9 }],
    ['selected', { id: 'b', split: 'train' }, undefined],
    ['unlabelled', { id: 'a', split: 'train' }, { labelled: 0, extended: 0 }],
  ] as const)('%s', (state, image, share) => {
    expect(imageState(image, share, selected)).toBe(state)
  })
})
