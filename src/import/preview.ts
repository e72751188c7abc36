/** Pictures of an import's plan: pairs, classes and single files. */

import { generatedColor } from '../domain/classes'
import type { Color } from '../domain/color'
import type { PairPreview } from '../domain/dataset'
import { AppError, FileFault } from '../domain/errors'
import type { Size } from '../domain/size'
import { bitmapFromRgb, decodeUpright, fitWithin, readRgb } from '../image/image-file'
import { countCodes, decodeLabelPng, type LabelPng, loadClassIds } from '../image/label-png'
import { type CheckedItem, checkItem, isProblem } from './check-item'
import { isDeep, to8Bit } from './files/deep-image'
import { Folder } from './files/folder'
import type { DatasetItem } from './layouts/dataset'
import { squareAround } from './patch'
import { type ImportPlan, planOf } from './plans'

const PAIR_SIDE = 640
/** Twice the side on the screen, for screens of two device pixels a pixel. */
const CLASS_SIDE = 128
const FILE_SIDE = 160

/**
 * An image of a plan with the class ids of its mask, at most 640 pixels a side.
 * @throws AppError `not_found` when the plan is gone; `bad_file` naming what is wrong with the image or its mask
 */
export async function previewPair(plan: string, index: number): Promise<PairPreview> {
  const { item, bitmap, size, mask } = await checked(planOf(plan), planOf(plan).dataset.items[index])
  try {
    const shown = fitWithin(size, PAIR_SIDE)
    const classIds = mask && (await loadClassIds(mask, shown))
    const image = await bitmapFromRgb(readRgb(bitmap, shown), shown)
    return { name: item.name, maskPath: item.mask?.path ?? null, image, classIds }
  } finally {
    bitmap.close()
  }
}

async function checked(plan: ImportPlan, item: DatasetItem): Promise<CheckedItem> {
  const outcome = await checkItem(item, new Folder(plan.files, () => {}), plan.range)
  if (isProblem(outcome)) throw new AppError('bad_file', outcome.problem, outcome.remedy)
  return outcome
}

/**
 * A square around the largest patch of a class, out of the image that has most of it, with all else darkened; null when
 * no mask holds the class, or that image cannot be read.
 * @throws AppError `not_found` when the plan is gone
 */
export async function previewClass(plan: string, classId: number): Promise<ImageBitmap | null> {
  const planned = planOf(plan)
  const item = itemWithMost(planned, classId)
  if (!item) return null
  const outcome = await checkItem(item, new Folder(planned.files, () => {}), planned.range)
  if (isProblem(outcome)) return null
  const { bitmap, size, mask } = outcome
  try {
    if (!mask) return null
    const classIds = await loadClassIds(mask, size)
    const square = squareAround(classIds, size, classId)
    return square && (await drawSquare(bitmap, classIds, { ...square, classId }))
  } finally {
    bitmap.close()
  }
}

interface Square {
  x: number
  y: number
  side: number
  classId: number
}

/** Draws a square of the bitmap: the class within a white line, all else with a third of its light. */
function drawSquare(bitmap: ImageBitmap, classIds: Uint8Array, { x, y, side, classId }: Square): Promise<ImageBitmap> {
  const context = new OffscreenCanvas(CLASS_SIDE, CLASS_SIDE).getContext('2d', { willReadFrequently: true })
  if (!context) throw new AppError('out_of_memory', 'The browser has no memory for a picture.', 'Close other tabs.')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, x, y, side, side, 0, 0, CLASS_SIDE, CLASS_SIDE)
  const pixels = context.getImageData(0, 0, CLASS_SIDE, CLASS_SIDE)
  const at = (start: number, i: number) => start + Math.floor(((i + 0.5) * side) / CLASS_SIDE)
  const isOf = (row: number, column: number) => {
    const isWithin = Math.min(row, column) >= 0 && Math.max(row, column) < CLASS_SIDE
    return isWithin && classIds[at(y, row) * bitmap.width + at(x, column)] === classId
  }
  for (let row = 0; row < CLASS_SIDE; row++) {
    for (let column = 0; column < CLASS_SIDE; column++) {
      if (isOf(row, column)) continue
      const isBeside = isOf(row - 1, column) || isOf(row + 1, column) || isOf(row, column - 1) || isOf(row, column + 1)
      const first = 4 * (row * CLASS_SIDE + column)
      for (let channel = first; channel < first + 3; channel++) {
        pixels.data[channel] = isBeside ? 255 : 0.3 * pixels.data[channel]
      }
    }
  }
  return createImageBitmap(pixels)
}

/** The image whose mask has most pixels of the class. */
function itemWithMost({ dataset }: ImportPlan, classId: number): DatasetItem | null {
  const pixelsOf = ({ mask }: DatasetItem) => mask?.pixels?.get(classId) ?? 0
  const most = dataset.items.reduce<DatasetItem | null>((best, item) => {
    return pixelsOf(item) > (best ? pixelsOf(best) : 0) ? item : best
  }, null)
  return most
}

/**
 * A file of the plan's folder, at most 160 pixels a side; masks of indices in colours that differ. null when it cannot be
 * drawn.
 * @throws AppError `not_found` when the plan is gone
 */
export async function previewFile(plan: string, path: string): Promise<ImageBitmap | null> {
  const { files, dataset, range } = planOf(plan)
  try {
    const bytes = await new Folder(files, () => {}).bytes(path)
    const isImage = dataset.items.some((item) => item.path === path)
    const drawn = isImage ? null : drawIndices(bytes)
    if (drawn) return await bitmapFromRgb(drawn.rgb, drawn.size)
    const bitmap = await decodeUpright(new Blob([isImage && range && isDeep(bytes) ? to8Bit(bytes, range) : bytes]))
    const size = fitWithin({ height: bitmap.height, width: bitmap.width }, FILE_SIDE)
    const rgb = readRgb(bitmap, size)
    bitmap.close()
    return await bitmapFromRgb(rgb, size)
  } catch (error) {
    // The import names what is wrong with the file.
    if (error instanceof FileFault) return null
    throw error
  }
}

/** Greys as few as these are values of classes rather than brightness. */
const MOST_VALUES = 64

/** A PNG of few grey values, which the eye could not tell apart, with a colour for each; null for any other file. */
function drawIndices(bytes: Uint8Array): { rgb: Uint8Array; size: Size } | null {
  const png = decodedPng(bytes)
  if (!png?.values || png.palette) return null
  const values = [...countCodes(png.values).keys()].sort((a, b) => a - b)
  if (values.length > MOST_VALUES) return null
  const colors = new Map(
    values.map((value, rank): [number, Color] => [value, rank === 0 ? [0, 0, 0] : generatedColor(rank - 1)]),
  )
  const size = fitWithin(png.size, FILE_SIDE)
  const rgb = new Uint8Array(size.height * size.width * 3)
  for (let i = 0; i < size.height * size.width; i++) {
    const row = Math.floor(((Math.floor(i / size.width) + 0.5) * png.size.height) / size.height)
    const column = Math.floor(((i % size.width) + 0.5) * (png.size.width / size.width))
    rgb.set(colors.get(png.values[row * png.size.width + column]) ?? [0, 0, 0], 3 * i)
  }
  return { rgb, size }
}

function decodedPng(bytes: Uint8Array): LabelPng | null {
  try {
    return decodeLabelPng(bytes)
  } catch (error) {
    // No PNG: the browser may read it.
    if (error instanceof FileFault) return null
    throw error
  }
}
