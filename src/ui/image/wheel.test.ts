import { expect, test } from 'vitest'
import { WheelSteps, wheelZoom } from './wheel'

const turn = (deltaY: number, more = {}) => ({ deltaX: 0, deltaY, deltaMode: 0, ctrlKey: false, ...more })

test('a pinch on a trackpad zooms about as far as the fingers go, and Ctrl with a wheel not further than a pinch', () => {
  const pinch = Array.from({ length: 20 }, () => wheelZoom(turn(-4, { ctrlKey: true }))).reduce((a, b) => a * b)
  expect(pinch).toBeCloseTo(Math.exp(0.8))
  expect(wheelZoom(turn(120, { ctrlKey: true }))).toBeCloseTo(Math.exp(-0.25))
  expect(wheelZoom(turn(100))).toBeCloseTo(Math.exp(-0.15))
  expect(wheelZoom(turn(3, { deltaMode: 1 }))).toBeCloseTo(Math.exp(-0.072))
})

test('a notch of a wheel is one step, a swipe one for each stretch', () => {
  const steps = new WheelSteps()
  expect([100, 120, -100].map((by) => steps.add(turn(by)))).toEqual([1, 1, -1])
  const swipe = Array.from({ length: 40 }, () => steps.add(turn(0, { deltaX: -9 })))
  expect(swipe.filter((step) => step === -1)).toHaveLength(5)
  expect(swipe.filter((step) => step === 1)).toHaveLength(0)
  steps.add(turn(-50))
  expect(steps.add(turn(30))).toBe(0)
})
