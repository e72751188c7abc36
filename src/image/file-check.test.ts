import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { imageType, isCutOff } from './file-check'

const PNG = encode({ width: 2, height: 2, channels: 1, depth: 8, data: Uint8Array.of(0, 1, 2, 3) })
/** Start, an APP1 segment with a thumbnail's end marker inside, start of scan, data, end. */
const JPEG = Uint8Array.of(
  0xff,
  0xd8,
  0xff,
  0xe1,
  0,
  6,
  0xff,
  0xd9,
  1,
  2,
  0xff,
  0xda,
  0,
  3,
  9,
  5,
  6,
  0xff,
  0,
  7,
  0xff,
  0xd9,
)
const WEBP = Uint8Array.of(0x52, 0x49, 0x46, 0x46, 8, 0, 0, 0, 0x57, 0x45, 0x42, 0x50, 1, 2, 3, 4)

test('the first bytes say the type, whatever the name says', () => {
  expect(imageType(PNG)).toBe('image/png')
  expect(imageType(JPEG)).toBe('image/jpeg')
  expect(imageType(WEBP)).toBe('image/webp')
  expect(imageType(new TextEncoder().encode('this is a text file'))).toBeNull()
  expect(imageType(new Uint8Array(0))).toBeNull()
})

test('whole files pass, also with bytes behind the image', () => {
  expect(isCutOff(PNG, 'image/png')).toBe(false)
  expect(isCutOff(JPEG, 'image/jpeg')).toBe(false)
  expect(isCutOff(WEBP, 'image/webp')).toBe(false)
  expect(isCutOff(Uint8Array.of(...JPEG, 0, 0, 1, 2, 3), 'image/jpeg')).toBe(false)
})

test('files without their end are cut off, wherever they stop', () => {
  for (let length = 3; length < JPEG.length - 1; length++)
    expect(isCutOff(JPEG.subarray(0, length), 'image/jpeg')).toBe(true)
  for (let length = 8; length < PNG.length; length++) expect(isCutOff(PNG.subarray(0, length), 'image/png')).toBe(true)
  expect(isCutOff(WEBP.subarray(0, 15), 'image/webp')).toBe(true)
})
