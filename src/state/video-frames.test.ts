import { expect, test } from 'vitest'
import { frameName } from './video-frames'

test('frames are named after their second, with the decimals of the interval', () => {
  expect(frameName('drive', 3, 1)).toBe('drive-00003.0s.jpg')
  expect(frameName('drive', 2.5, 0.5)).toBe('drive-00002.5s.jpg')
  expect(frameName('drive', 0.04, 0.04)).toBe('drive-00000.04s.jpg')
  expect(frameName('drive', 3600, 0.04)).toBe('drive-03600.00s.jpg')
  expect(frameName('drive', 12, 12.125)).toBe('drive-00012.000s.jpg')
})

test('no two frames of a video share a name, and all sort by time', () => {
  for (const interval of [1, 0.1, 0.04, 1 / 3, 1 / 29.97, 1.0625]) {
    const names = Array.from({ length: 400 }, (_, i) => frameName('drive', i * interval, interval))
    expect(new Set(names).size).toBe(400)
    expect(names.toSorted()).toEqual(names)
    expect(new Set(names.map((name) => name.length)).size).toBe(1)
  }
})
