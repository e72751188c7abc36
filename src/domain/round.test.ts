import { expect, it } from 'vitest'
import { labelledShare, type Region, type RoundRecord, regionsByImage } from './round'

it('groups regions by image in the order of the best regions', () => {
  const regions = ['b', 'a', 'b'].map((imageId, x) => ({ imageId, x }) as Region)
  const byImage = regionsByImage(regions)
  expect([...byImage.keys()]).toEqual(['b', 'a'])
  expect(byImage.get('b')?.map(({ x }) => x)).toEqual([0, 2])
})

it('says what share of the pool is labelled, also of a pool without pixels', () => {
  const shareOf = (labelledPixels: number, poolPixels: number) =>
    labelledShare({ labelledPixels, poolPixels } as RoundRecord)
  expect([shareOf(7, 100), shareOf(0, 0)]).toEqual([0.07, 0])
})
