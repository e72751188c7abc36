/** Label PNGs decoded to exact values. A canvas would apply colour management and lose indices, so none is used. */
import { type DecodedPng, decode } from 'fast-png'
import type { Color } from '../domain/color'
import type { LabelCoding } from '../domain/dataset'
import { FileFault } from '../domain/errors'
import { IGNORE } from '../domain/labels'
import type { GroundTruthRecord } from '../domain/project'
import type { Size } from '../domain/size'
import { orientRaster } from './orientation'
import { withinLimits } from './png-limits'
import { nearestResize } from './resample'

/** A decoded label PNG: either one value a pixel (grey or palette index) or a colour. */
export interface LabelPng {
  size: Size
  /** Bits a sample of the file: 1, 2, 4, 8 or 16. */
  depth: number
  /** H*W grey values or palette indices, 0..65535; null for a colour PNG. */
  values: Uint8Array | Uint16Array | null
  /** H*W*3 bytes of a colour PNG, else null. */
  colors: Uint8Array | null
  /** Colours of the indices of a palette PNG, else null. */
  palette: Color[] | null
  /** H*W, 0 transparent to 255 opaque: of an alpha channel, or of colours that the file calls transparent; else null. */
  alpha: Uint8Array | null
}

/** Position of the interlace method: after the signature, IHDR's length and type, and 12 bytes of it. */
const INTERLACE_BYTE = 28

/** Decodes a PNG of any colour type and depth. Alpha is kept apart. @throws FileFault */
export function decodeLabelPng(bytes: Uint8Array): LabelPng {
  let png: DecodedPng
  const isPng = bytes[0] === 0x89 && bytes[1] === 0x50
  const checked = isPng ? withinLimits(bytes) : bytes
  try {
    png = decode(checked, { checkCrc: true })
  } catch (cause) {
    throw new FileFault(
      isPng ? 'is a PNG file that is cut off or damaged' : 'is not a PNG file',
      isPng ? 'Copy or export the file again.' : 'Save the mask as PNG.',
      { cause },
    )
  }
  const { height, width, depth, channels } = png
  // fast-png 8.0.0 reads the passes of such files as if every sample had a byte of its own.
  if (depth < 8 && bytes[INTERLACE_BYTE] === 1) {
    throw new FileFault(
      `is an interlaced PNG of ${depth} bits, which cannot be read exactly`,
      'Save it without interlacing.',
    )
  }
  const size = { height, width }
  const palette = png.palette ? png.palette.map((color): Color => [color[0], color[1], color[2]]) : null
  if (channels >= 3) {
    const alpha = channels === 4 ? alphaChannel(png) : transparentColor(png)
    const deepGreys = depth === 16 ? greysOf(png) : null
    return { size, depth, values: deepGreys, colors: deepGreys ? null : rgbBytes(png), palette: null, alpha }
  }
  const samples = depth < 8 ? unpackBits(png.data as Uint8Array, size, depth) : (png.data as Uint8Array | Uint16Array)
  const values = channels === 2 ? everySecond(samples) : samples
  const alpha = channels === 2 ? alphaChannel(png) : transparentValues(png, values)
  return { size, depth, values, colors: null, palette, alpha }
}

/** The last channel as bytes. */
function alphaChannel({ data, depth, channels }: DecodedPng): Uint8Array {
  const shift = depth === 16 ? 8 : 0
  const alpha = new Uint8Array(data.length / channels)
  for (let i = 0; i < alpha.length; i++) alpha[i] = data[(i + 1) * channels - 1] >> shift
  return alpha
}

/** Alpha of the colours of a palette, or of the one grey that counts as transparent. */
function transparentValues({ palette, transparency }: DecodedPng, values: Uint8Array | Uint16Array): Uint8Array | null {
  const alphas = palette?.map((color) => color[3] ?? 255)
  if (alphas?.some((alpha) => alpha < 255)) return Uint8Array.from(values, (value) => alphas[value] ?? 255)
  if (palette || !transparency?.length) return null
  return Uint8Array.from(values, (value) => (value === transparency[0] ? 0 : 255))
}

/** Alpha of an RGB PNG in which one colour counts as transparent. */
function transparentColor({ data, transparency }: DecodedPng): Uint8Array | null {
  if (!transparency || transparency.length < 3) return null
  const [red, green, blue] = transparency
  const alpha = new Uint8Array(data.length / 3)
  for (let i = 0; i < alpha.length; i++) {
    alpha[i] = data[3 * i] === red && data[3 * i + 1] === green && data[3 * i + 2] === blue ? 0 : 255
  }
  return alpha
}

/** The greys of a 16-bit PNG whose channels are equal, in all their 16 bits; null for a coloured one. */
function greysOf({ data, channels }: DecodedPng): Uint16Array | null {
  const greys = new Uint16Array(data.length / channels)
  for (let i = 0; i < greys.length; i++) {
    const at = i * channels
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return null
    greys[i] = data[at]
  }
  return greys
}

/** Rows of samples of 1, 2 or 4 bits, each row padded to whole bytes, to one byte a sample. */
function unpackBits(packed: Uint8Array, { height, width }: Size, depth: number): Uint8Array {
  const samples = new Uint8Array(height * width)
  const perByte = 8 / depth
  const rowBytes = Math.ceil(width / perByte)
  const mask = (1 << depth) - 1
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const byte = packed[row * rowBytes + Math.floor(column / perByte)]
      const shift = 8 - depth * ((column % perByte) + 1)
      samples[row * width + column] = (byte >> shift) & mask
    }
  }
  return samples
}

function everySecond<Samples extends Uint8Array | Uint16Array>(samples: Samples): Samples {
  return samples.filter((_, index) => index % 2 === 0) as Samples
}

function rgbBytes({ data, depth, channels }: DecodedPng): Uint8Array {
  const pixels = data.length / channels
  const shift = depth === 16 ? 8 : 0
  const colors = new Uint8Array(pixels * 3)
  for (let i = 0; i < pixels; i++) {
    for (let channel = 0; channel < 3; channel++) colors[i * 3 + channel] = data[i * channels + channel] >> shift
  }
  return colors
}

/** Whether every pixel of a colour PNG has red = green = blue: an index mask that was saved with three channels. */
export function isGrey(colors: Uint8Array): boolean {
  for (let i = 0; i < colors.length; i += 3) {
    if (colors[i] !== colors[i + 1] || colors[i] !== colors[i + 2]) return false
  }
  return true
}

/** A colour as one number, 0xRRGGBB. */
export function packColor(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue
}

/** The numbers that a coding maps to classes: indices for kind 'index', packed 0xRRGGBB for kind 'color'. */
export function pixelCodes(png: LabelPng, kind: LabelCoding['kind']): Uint8Array | Uint16Array | Uint32Array {
  const { values, colors, palette } = png
  if (kind === 'color') {
    if (colors) return packColors(colors)
    const codes = new Uint32Array(values?.length ?? 0)
    for (let i = 0; i < codes.length; i++) {
      const value = values?.[i] ?? 0
      const [red, green, blue] = palette?.[value] ?? [value, value, value]
      codes[i] = packColor(red, green, blue)
    }
    return codes
  }
  if (values) return values
  if (!colors || !isGrey(colors)) {
    throw new FileFault(
      'is a colour PNG, but the masks of this dataset hold class indices',
      'Save it as an 8-bit grey or palette PNG of class indices.',
    )
  }
  return colors.filter((_, index) => index % 3 === 0)
}

function packColors(colors: Uint8Array): Uint32Array {
  const codes = new Uint32Array(colors.length / 3)
  for (let i = 0; i < codes.length; i++) codes[i] = packColor(colors[i * 3], colors[i * 3 + 1], colors[i * 3 + 2])
  return codes
}

/** Class ids of a decoded label PNG, H*W, 255 = void. Values and colours the coding does not name are void. */
export function toClassIds(png: LabelPng, coding: LabelCoding): Uint8Array {
  const codes = pixelCodes(png, coding.kind)
  const classIds = new Uint8Array(codes.length)
  if (coding.kind === 'index') {
    for (let i = 0; i < codes.length; i++) classIds[i] = codes[i] < 256 ? coding.table[codes[i]] : IGNORE
    return classIds
  }
  const byColor = new Map(coding.entries.map(([red, green, blue, classId]) => [packColor(red, green, blue), classId]))
  let lastCode = -1
  let lastClass = IGNORE
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] !== lastCode) {
      lastCode = codes[i]
      lastClass = byColor.get(lastCode) ?? IGNORE
    }
    classIds[i] = lastClass
  }
  return classIds
}

/** Number of pixels of each code; of no more than `most` different ones, whichever come first. */
export function countCodes(codes: Uint8Array | Uint16Array | Uint32Array, most = Infinity): Map<number, number> {
  const counts = new Map<number, number>()
  if (codes instanceof Uint8Array) {
    const histogram = new Uint32Array(256)
    for (let i = 0; i < codes.length; i++) histogram[codes[i]]++
    histogram.forEach((count, code) => {
      if (count > 0) counts.set(code, count)
    })
    return counts
  }
  let run = 0
  for (let i = 0; i < codes.length; i++) {
    run++
    if (codes[i] === codes[i + 1]) continue
    const count = counts.get(codes[i])
    if (count !== undefined || counts.size < most) counts.set(codes[i], (count ?? 0) + run)
    run = 0
  }
  return counts
}

/** Class ids of stored ground truth, upright at `size` (nearest), H*W, 255 = void. */
export async function loadClassIds(
  truth: Pick<GroundTruthRecord, 'blob' | 'coding' | 'orientation'>,
  size: Size,
): Promise<Uint8Array> {
  const png = decodeLabelPng(new Uint8Array(await truth.blob.arrayBuffer()))
  const upright = orientRaster({ size: png.size, values: toClassIds(png, truth.coding) }, truth.orientation)
  return nearestResize(upright.values, upright.size, size)
}
