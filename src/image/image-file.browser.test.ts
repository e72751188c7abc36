import { expect, test } from 'vitest'
import { loadRgb } from './image-file'

test('a JPEG of printing colours is read as what it shows', async () => {
  // 16 x 8, left red and right blue in CMYK, as Pillow writes it.
  const base64 =
    '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AA' +
    'FAgACAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQci' +
    'cRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqi' +
    'o6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9U6/Kqvyqr9U6/lXor+qiiv/Z'
  const jpeg = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], { type: 'image/jpeg' })
  const [left, right] = [await loadRgb(jpeg, { height: 1, width: 2 })].flatMap((rgb) => [rgb.slice(0, 3), rgb.slice(3)])
  for (const [found, shown] of [
    [left, [255, 0, 0]],
    [right, [0, 0, 255]],
  ] as const) {
    for (const [i, channel] of found.entries()) expect(Math.abs(channel - shown[i])).toBeLessThan(40)
  }
})
