import { decode, encode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { pngChunk, pngWith, tiff } from '../../../tests/support/exif-files'
import { deepRange, isDeep, to8Bit } from './deep-image'

function deep(data: number[], channels: 1 | 2 | 3 | 4 = 1): Uint8Array {
  return encode({ width: data.length / channels, height: 1, channels, depth: 16, data: Uint16Array.from(data) })
}

const shallow = (png: Uint8Array, least: number, most: number) => decode(to8Bit(png, { least, most }))

test('only a PNG of 16 bits a sample is deep', () => {
  const grey = { width: 2, height: 1, channels: 1, data: Uint8Array.of(16, 16) } as const
  expect(isDeep(deep([16, 4095]))).toBe(true)
  expect(isDeep(deep([16, 4095]).subarray(0, 25))).toBe(true)
  expect(isDeep(encode({ ...grey, depth: 8 }))).toBe(false)
  expect(isDeep(new Uint8Array(40).fill(16))).toBe(false)
  expect(isDeep(new Uint8Array())).toBe(false)
})

describe('range', () => {
  test.each([
    [1, [7, 4095, 300], 7, 4095],
    [2, [7, 65535, 4095, 0, 300, 1], 7, 4095],
    [3, [100, 7, 300, 50, 4095, 60], 7, 4095],
    [4, [100, 7, 300, 65535, 50, 4095, 60, 0], 7, 4095],
  ] as const)('of %i channels, alpha aside', (channels, data, least, most) => {
    expect(deepRange(deep([...data], channels))).toEqual({ least, most })
  })

  test('a damaged file says so', () => {
    expect(() => deepRange(deep([1, 2, 3]).subarray(0, 45))).toThrow('cut off or damaged')
  })
})

describe('8 bits', () => {
  // (sample - least) * 255 / (most - least): 2048 * 255 / 4095 = 127.53, 16 * 255 / 4095 = 0.996, 8 * 255 / 4095 = 0.498.
  test('a camera of 12 bits keeps its greys', () => {
    const png = shallow(deep([0, 8, 16, 2048, 4095]), 0, 4095)
    expect([png.depth, png.channels, ...png.data]).toEqual([8, 1, 0, 0, 1, 128, 255])
  })

  // 257 a step over the full range; (30000 - 20000) / (40000 - 20000) * 255 = 127.5.
  test('greys of the full range, and of a part in the middle', () => {
    expect([...shallow(deep([0, 257, 32896, 65535]), 0, 65535).data]).toEqual([0, 1, 128, 255])
    expect([...shallow(deep([20000, 30000, 40000]), 20000, 40000).data]).toEqual([0, 128, 255])
  })

  test('all channels of a colour have the same range', () => {
    const png = shallow(deep([1000, 1255, 2275, 3550, 1000, 1510], 3), 1000, 3550)
    expect([png.channels, ...png.data]).toEqual([3, 0, 26, 128, 255, 0, 51])
  })

  test('alpha is kept as it is', () => {
    expect([...shallow(deep([0, 65535, 4095, 0, 4095, 32896], 2), 0, 4095).data]).toEqual([0, 255, 255, 0, 255, 128])
    const png = shallow(deep([0, 4095, 0, 257], 4), 0, 4095)
    expect([png.channels, ...png.data]).toEqual([4, 0, 255, 0, 1])
  })

  test('a colour that is transparent stays so, and no other becomes it', () => {
    const grey = pngWith(deep([8, 9, 4095]), pngChunk('tRNS', [0, 8]))
    const png = shallow(grey, 0, 4095)
    expect([png.channels, ...png.data]).toEqual([2, 0, 0, 1, 255, 255, 255])
    const color = pngWith(deep([8, 9, 10, 8, 9, 11, 10, 9, 8], 3), pngChunk('tRNS', [0, 8, 0, 9, 0, 10]))
    expect([...shallow(color, 8, 11).data]).toEqual([0, 85, 170, 0, 0, 85, 255, 255, 170, 85, 0, 255])
  })

  test('an even image is black', () => {
    expect([...shallow(deep([500, 500]), 500, 500).data]).toEqual([0, 0])
  })

  test('the turn of the image is kept', () => {
    const turn = pngChunk('eXIf', tiff(6))
    for (const isBehind of [false, true]) {
      const png = to8Bit(pngWith(deep([0, 4095]), turn, isBehind), { least: 0, most: 4095 })
      expect([...png.subarray(33, 33 + turn.length)]).toEqual(turn)
      expect([...decode(png, { checkCrc: true }).data]).toEqual([0, 255])
    }
  })
})
