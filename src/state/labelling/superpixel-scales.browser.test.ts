import { expect, it } from 'vitest'
import type { ImageSummary } from '../../domain/project'
import { SuperpixelScales } from './superpixel-scales.svelte'
import { SUPERPIXEL_SIDES } from './tool-settings.svelte'

const size = { height: 2, width: 2 }
const image = (id: string) => ({ id, size }) as ImageSummary

/** Scales whose worker ends a division when the test says so. */
function scalesByHand() {
  const asked: { imageId: string; side: number; end(): void }[] = []
  let read = ''
  const data = {
    async image({ imageId }: { imageId: string }) {
      read = imageId
      return await createImageBitmap(new ImageData(2, 2))
    },
  }
  const superpixel = {
    superpixels: ({ side }: { side: number }) =>
      new Promise<{ size: typeof size; ids: Int32Array<ArrayBuffer>; count: number }>((resolve) => {
        asked.push({ imageId: read, side, end: () => resolve({ size, ids: new Int32Array(4), count: 1 }) })
      }),
  }
  return { scales: new SuperpixelScales(data, superpixel), asked }
}

it('divides one image at a time, and of those asked for meanwhile the latest', async () => {
  const { scales, asked } = scalesByHand()
  for (let k = 0; k < 10; k++) {
    scales.begin(image(`image-${k}`))
    void scales.divide(2)
    if (k === 0) await expect.poll(() => asked.length).toBe(1)
  }
  expect(scales.isDividing).toBe(true)
  asked[0].end()
  await expect.poll(() => asked.length).toBe(2)
  expect(scales.map).toBeNull()
  expect(asked[1].imageId).toBe('image-9')
  asked[1].end()
  await expect.poll(() => scales.map).not.toBeNull()
  expect([scales.isDividing, asked.length]).toEqual([false, 2])
})

it('keeps what was divided at a scale that is not in hand any more', async () => {
  const { scales, asked } = scalesByHand()
  scales.begin(image('image'))
  void scales.divide(1)
  await expect.poll(() => asked.length).toBe(1)
  void scales.divide(2)
  void scales.divide(3)
  asked[0].end()
  await expect.poll(() => asked.length).toBe(2)
  expect(asked[1].side).toBe(SUPERPIXEL_SIDES[3])
  expect(scales.map).toBeNull()
  await scales.divide(1)
  expect(scales.map).not.toBeNull()
  expect(scales.isDividing).toBe(false)
  asked[1].end()
})
