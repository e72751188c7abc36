import type { Color } from './color'

/**
 * Colours that people with and without colour blindness tell apart, the first ones best: seven of Okabe and Ito (2008),
 * then those that `scripts/checks/color-blind-palette.ts` finds farthest from all before them. sRGB, 0..255.
 */
export const COLOR_BLIND_PALETTE: readonly Readonly<Color>[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
  [120, 0, 24],
  [24, 0, 120],
  [216, 240, 216],
  [96, 96, 72],
  [24, 72, 72],
  [0, 24, 240],
  [192, 168, 168],
  [168, 192, 120],
  [96, 240, 240],
  [168, 48, 0],
  [240, 240, 168],
  [48, 24, 72],
  [120, 72, 120],
  [96, 120, 240],
  [144, 120, 72],
  [96, 24, 168],
  [120, 168, 120],
]
