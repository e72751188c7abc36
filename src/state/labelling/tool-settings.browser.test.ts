import { expect, test } from 'vitest'
import { LARGEST_RADIUS, SMALLEST_RADIUS, ToolSettings } from './tool-settings.svelte'

test('each step of the slider is one of the brush, and half the way is a small one', () => {
  const tools = new ToolSettings()
  const [least, most] = [Math.log2(SMALLEST_RADIUS), Math.log2(LARGEST_RADIUS)]
  tools.doublings = (least + most) / 2
  expect(tools.radius).toBeLessThan(LARGEST_RADIUS / 16)
  for (const [by, end] of [
    [-0.125, SMALLEST_RADIUS],
    [0.125, LARGEST_RADIUS],
  ]) {
    for (let step = 0; step < 100 && tools.radius !== end; step++) {
      const before = tools.radius
      tools.doublings += by
      expect((tools.radius - before) * by).toBeGreaterThan(0)
    }
    expect(tools.radius).toBe(end)
  }
})
