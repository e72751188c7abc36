import { expect, it } from 'vitest'
import { byteSize, count, duration, percent, remaining } from './format'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

it('writes durations in the two largest units', () => {
  expect([420, 9940, 59_400, 61_000, 3_900_000, -5].map((ms) => plain(duration(ms)))).toEqual([
    '0.4 s',
    '9.9 s',
    '59 s',
    '1 min 1 s',
    '1 h 5 min',
    '0.0 s',
  ])
})

it('writes what is left in whole seconds', () => {
  expect([0, 300, 5900, 58_400, 61_000].map((ms) => plain(remaining(ms)))).toEqual([
    '1 s',
    '1 s',
    '6 s',
    '59 s',
    '1 min 1 s',
  ])
})

it('writes bytes, shares and counts', () => {
  expect([0, 1023, 1536, 250 * 1024 ** 2].map((bytes) => plain(byteSize(bytes)))).toEqual([
    '0 B',
    '1023 B',
    '1.5 KB',
    '250 MB',
  ])
  expect(plain(percent(0.06812))).toBe('6.8 %')
  expect([count(1, 'image'), count(2975, 'image')].map(plain)).toEqual(['1 image', '2,975 images'])
})
