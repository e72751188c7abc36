import { expect, it } from 'vitest'
import { keyAction } from './keys'
import { Viewport } from './viewport.svelte'

it('fits the content, keeps the point under the cursor when zooming, and finds pixels', () => {
  const viewport = new Viewport()
  viewport.resize({ width: 400, height: 400 }, { width: 200, height: 100 })
  expect([viewport.scale, viewport.offset]).toEqual([2, { x: 0, y: 100 }])
  const point = { x: 120, y: 160 }
  expect(viewport.pixelAt(point)).toEqual({ x: 60, y: 30 })
  viewport.zoomAt(point, 3)
  expect(viewport.scale).toBe(6)
  expect(viewport.pixelAt(point)).toEqual({ x: 60, y: 30 })
  viewport.pan({ x: 12, y: -6 })
  expect(viewport.pixelAt({ x: 132, y: 154 })).toEqual({ x: 60, y: 30 })
  expect(viewport.pixelAt({ x: -3000, y: 0 })).toBeNull()
  viewport.resize({ width: 100, height: 100 }, { width: 200, height: 100 })
  expect(viewport.scale).toBe(6) // The person's zoom stays.
  viewport.fit()
  expect(viewport.scale).toBe(0.5)
})

it('shows content of another size, wherever the person had gone in the one before', () => {
  const viewport = new Viewport()
  const window = { width: 400, height: 400 }
  viewport.resize(window, { width: 4000, height: 4000 })
  viewport.zoomAt({ x: 390, y: 390 }, 20)
  const { scale, offset } = viewport
  viewport.resize(window, { width: 4000, height: 4000 })
  expect([viewport.scale, viewport.offset]).toEqual([scale, offset])
  viewport.resize(window, { width: 200, height: 200 })
  expect([viewport.scale, viewport.offset]).toEqual([2, { x: 0, y: 0 }])
  // A region that was asked for before its image came stays; one of another image that lies outside does not.
  viewport.show({ x: 3000, y: 3000, width: 100, height: 100 }, 1)
  viewport.resize(window, { width: 4000, height: 4000 })
  expect(viewport.pixelAt({ x: 200, y: 200 })).toEqual({ x: 3050, y: 3050 })
  viewport.resize(window, { width: 200, height: 200 })
  expect([viewport.scale, viewport.offset]).toEqual([2, { x: 0, y: 0 }])
})

it('leaves keys to the control that has the focus, but for the digits of the layers', () => {
  const press = (key: string, target: HTMLElement, ctrlKey = false) =>
    keyAction({ key, target, ctrlKey, metaKey: false, altKey: false })
  const range = Object.assign(document.createElement('input'), { type: 'range' })
  expect(press('4', document.body)).toEqual({ kind: 'layer', index: 3 })
  expect(press('8', document.body)).toBeNull()
  expect(press('D', document.body)).toEqual({ kind: 'step', by: 1 })
  expect(press('d', document.body, true)).toBeNull()
  expect(press('ArrowRight', range)).toBeNull()
  expect(press('2', range)).toEqual({ kind: 'layer', index: 1 })
  expect(press('2', Object.assign(document.createElement('input'), { type: 'text' }))).toBeNull()
  expect(press('Escape', document.createElement('select'))).toBeNull()
})

it('shows one pixel as one of the screen, around the middle, however small the content', () => {
  const viewport = new Viewport()
  viewport.resize({ width: 800, height: 800 }, { width: 200, height: 100 })
  viewport.pan({ x: 30, y: 0 })
  const middle = viewport.pixelAt({ x: 400, y: 400 })
  viewport.actualSize()
  expect(viewport.scale).toBe(1 / devicePixelRatio)
  expect(viewport.pixelAt({ x: 400, y: 400 })).toEqual(middle)
})
