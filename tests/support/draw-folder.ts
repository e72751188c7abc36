/** Files of datasets, drawn small: images as noisy as photos, masks with the class ids that they stand for, PNGs of every kind. */
import { encode } from 'fast-png'
import type { Color } from '../../src/domain/color'
import type { Size } from '../../src/domain/size'
import { randomStream } from '../../src/math/random'

/** A folder: contents by path. */
export type Files = Record<string, Uint8Array | string>

/** Stands for void in class ids. */
export const VOID = 255

/** The size of images of which a test says nothing else. */
export const SMALL: Size = { height: 32, width: 48 }

/** The colours that VOC, labelme and many others give to the ids 0..255. */
export const VOC_PALETTE: Color[] = Array.from({ length: 256 }, (_, id) => {
  const channel = (shift: number) => {
    let value = 0
    for (let bit = 0; bit < 8; bit++) value |= ((id >> (bit * 3 + shift)) & 1) << (7 - bit)
    return value
  }
  return [channel(0), channel(1), channel(2)]
})

/** A slope of colours under noise, as in a photo: nearly each pixel has a colour of its own. H*W*3 bytes. */
function scene(seed: number, { height, width }: Size): Uint8Array {
  const random = randomStream(seed, 'scene')
  const ends = Array.from({ length: 6 }, () => 40 + random.below(170))
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const across = ((Math.floor(i / 3) % width) + Math.floor(i / 3 / width)) / (width + height)
    const value = ends[i % 3] * (1 - across) + ends[(i % 3) + 3] * across
    return Math.round(value + (random.next() - 0.5) * 60)
  })
}

/** An image of a camera as a browser writes it. */
export async function photo(
  seed: number,
  size: Size = SMALL,
  type: 'image/jpeg' | 'image/webp' = 'image/jpeg',
): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(size.width, size.height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const pixels = new ImageData(size.width, size.height)
  const rgb = scene(seed, size)
  for (let i = 0; i < size.height * size.width; i++) pixels.data.set([...rgb.subarray(i * 3, i * 3 + 3), 255], i * 4)
  context.putImageData(pixels, 0, 0)
  const blob = await canvas.convertToBlob({ type, quality: 0.95 })
  return new Uint8Array(await blob.arrayBuffer())
}

/** The same as an RGB PNG. */
export function photoPng(seed: number, size: Size = SMALL): Uint8Array {
  return encode({ ...size, channels: 3, depth: 8, data: scene(seed, size) })
}

/** An image of the kind that its ending says: JPEG, PNG or WebP. */
export async function imageAt(path: string, seed: number, size: Size = SMALL): Promise<Uint8Array> {
  if (/\.png$/i.test(path)) return photoPng(seed, size)
  return photo(seed, size, /\.webp$/i.test(path) ? 'image/webp' : 'image/jpeg')
}

/** H*W numbers, each a function of its row and column. */
export function raster(size: Size, at: (row: number, column: number) => number): Uint8Array {
  return Uint8Array.from({ length: size.height * size.width }, (_, i) => at(Math.floor(i / size.width), i % size.width))
}

/** Class ids 0..count-1 in upright bands of equal width. */
export function bands(count: number, size: Size = SMALL): Uint8Array {
  return raster(size, (_, column) => Math.floor((column * count) / size.width))
}

/** Class 1 within `radius` pixels of the middle, else 0. 8: 197 pixels, 9: 253, 10: 317, 11: 377. */
export function disc(radius: number, size: Size = SMALL): Uint8Array {
  const isIn = (row: number, column: number) => Math.hypot(row - size.height / 2, column - size.width / 2) <= radius
  return raster(size, (row, column) => (isIn(row, column) ? 1 : 0))
}

/** Greys of a white disc with a soft edge on black, as resized or anti-aliased. */
export function softDisc(radius: number, softness = 1, size: Size = SMALL): Uint8Array {
  return raster(size, (row, column) => {
    const outside = Math.hypot(row + 0.5 - size.height / 2, column + 0.5 - size.width / 2) - radius
    return Math.round(255 * Math.min(1, Math.max(0, 0.5 - outside / (2 * softness))))
  })
}

/** Class 1 where a grey is above the middle. */
export function cut(greys: Uint8Array): Uint8Array {
  return greys.map((grey) => (grey < 128 ? 0 : 1))
}

/** Class 0, 1 and 2 with a ring of void, as in VOC. */
export function vocIds(size: Size = SMALL): Uint8Array {
  const ring = disc(10, size)
  return bands(3, size).map((id, i) => (ring[i] === 1 ? VOID : id))
}

/** A grey PNG of 8 or 16 bits. */
export function grey(values: ArrayLike<number>, size: Size = SMALL, depth: 8 | 16 = 8): Uint8Array {
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values)
  return encode({ ...size, channels: 1, depth, data })
}

/** A grey PNG of one bit a pixel. */
export function bits(values: ArrayLike<number>, size: Size = SMALL): Uint8Array {
  const perRow = Math.ceil(size.width / 8)
  const data = new Uint8Array(perRow * size.height)
  for (let i = 0; i < size.height * size.width; i++) {
    const column = i % size.width
    if (values[i]) data[Math.floor(i / size.width) * perRow + (column >> 3)] |= 0x80 >> (column & 7)
  }
  return encode({ ...size, channels: 1, depth: 1, data })
}

/** A palette PNG. Colours may have an alpha; those that are not opaque come first. */
export function palette(indices: ArrayLike<number>, colors: readonly number[][], size: Size = SMALL): Uint8Array {
  return encode({ ...size, channels: 1, depth: 8, data: Uint8Array.from(indices), palette: [...colors] })
}

/** A PNG of two to four channels: for each id its grey and alpha, its colour, or its colour and alpha. */
export function colored(
  ids: ArrayLike<number>,
  colors: readonly (readonly number[])[] | ((id: number) => readonly number[]),
  size: Size = SMALL,
): Uint8Array {
  const at = typeof colors === 'function' ? colors : (id: number) => colors[id]
  const pixels = Array.from(ids, at)
  return encode({ ...size, channels: pixels[0].length, depth: 8, data: Uint8Array.from(pixels.flat()) })
}

/** The ids through a table: what a file holds for each class. */
export function coded(ids: Uint8Array, table: Readonly<Record<number, number>>): number[] {
  return Array.from(ids, (id) => table[id] ?? id)
}

/** Replaces the pixels at some places. */
export function withPixels<T extends ArrayLike<number>>(values: T, changes: Record<number, number>): number[] {
  return Array.from(values, (value, i) => changes[i] ?? value)
}

/** What a folder holds in truth. */
export interface Truth {
  /** Names by class id, where a file says them. */
  classes?: string[]
  /** By the path of each image: its mask's path and class ids H*W, 255 = void; null without a mask. */
  masks: Record<string, { path: string; ids: Uint8Array } | null>
  /** By the path of an image, where the folder says it. */
  splits?: Record<string, 'train' | 'val'>
}

export interface Drawn {
  files: Files
  truth: Truth
}

/**
 * Images with their masks, whose class ids are given one by one.
 * @param write the file of a mask
 * @param at paths of images and masks; # stands for the number
 */
export async function drawPairs(
  masks: readonly Uint8Array[],
  write: (ids: Uint8Array, index: number) => Uint8Array = (ids) => grey(ids),
  at: { images?: string; masks?: string; size?: Size } = {},
): Promise<Drawn> {
  const drawn: Drawn = { files: {}, truth: { masks: {} } }
  for (const [i, ids] of masks.entries()) {
    const image = (at.images ?? 'images/p#.jpg').replaceAll('#', `${i}`)
    const path = (at.masks ?? 'masks/p#.png').replaceAll('#', `${i}`)
    drawn.files[image] = await imageAt(image, i, at.size)
    drawn.files[path] = write(ids, i)
    drawn.truth.masks[image] = { path, ids }
  }
  return drawn
}

/** Several drawn folders as one. */
export function together(...parts: readonly Drawn[]): Drawn {
  const named = parts.find(({ truth }) => truth.classes)
  return {
    files: Object.assign({}, ...parts.map(({ files }) => files)),
    truth: {
      ...(named?.truth.classes && { classes: named.truth.classes }),
      masks: Object.assign({}, ...parts.map(({ truth }) => truth.masks)),
      splits: Object.assign({}, ...parts.map(({ truth }) => truth.splits)),
    },
  }
}

/** The same with all images in a split. */
export function inSplit({ files, truth }: Drawn, split: 'train' | 'val'): Drawn {
  return {
    files,
    truth: { ...truth, splits: Object.fromEntries(Object.keys(truth.masks).map((path) => [path, split])) },
  }
}
