import { afterEach, expect, it, vi } from 'vitest'
import type { Size } from '../../domain/size'
import { watchSize } from './device-pixels'

let stop = () => {}

afterEach(() => {
  stop()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

async function watchedSizes() {
  const element = document.createElement('canvas')
  element.style.cssText = 'width: 120.5px; height: 50px'
  document.body.append(element)
  const sizes: { css: Size; device: Size }[] = []
  stop = watchSize(element, (css, device) => sizes.push({ css, device }))
  await expect.poll(() => sizes.length).toBeGreaterThan(0)
  return { element, sizes }
}

it('tells an element’s size in CSS pixels, with their fractions, and in whole pixels of the screen', async () => {
  const { element, sizes } = await watchedSizes()
  expect(sizes.at(-1)?.css).toEqual({ width: 120.5, height: 50 })
  expect(Math.abs((sizes.at(-1)?.device.width ?? 0) - 120.5 * devicePixelRatio)).toBeLessThan(1)
  element.style.width = '60px'
  await expect.poll(() => sizes.at(-1)?.css.width).toBe(60)
  expect(sizes.at(-1)?.device).toEqual({ width: 60 * devicePixelRatio, height: 50 * devicePixelRatio })
})

it('follows the density of the screen where the browser does not tell its pixels', async () => {
  const told = Object.getOwnPropertyDescriptor(ResizeObserverEntry.prototype, 'devicePixelContentBoxSize')
  if (!told) throw new Error('This browser tells no pixels of the screen.')
  Reflect.deleteProperty(ResizeObserverEntry.prototype, 'devicePixelContentBoxSize')
  const queries: MediaQueryList[] = []
  const { matchMedia } = globalThis
  vi.spyOn(globalThis, 'matchMedia').mockImplementation((query) => {
    queries.push(matchMedia(query))
    return queries[queries.length - 1]
  })
  try {
    const { sizes } = await watchedSizes()
    for (const density of [3, 2]) {
      vi.stubGlobal('devicePixelRatio', density)
      queries.at(-1)?.dispatchEvent(new Event('change'))
      await expect
        .poll(() => sizes.at(-1)?.device)
        .toEqual({ width: Math.round(120.5 * density), height: 50 * density })
    }
    expect(queries.map(({ media }) => media).at(-1)).toBe('(resolution: 2dppx)')
  } finally {
    Object.defineProperty(ResizeObserverEntry.prototype, 'devicePixelContentBoxSize', told)
  }
})
