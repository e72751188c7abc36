/** Reads one image with its mask and checks for everything that could go wrong later. */

import type { ClassDefinition } from '../domain/classes'
import type { FileProblem } from '../domain/dataset'
import { FileFault } from '../domain/errors'
import type { Size } from '../domain/size'
import { claimedSize, imageType, isCutOff, MOST_PIXELS } from '../image/file-check'
import { decodeUpright } from '../image/image-file'
import { countCodes, decodeLabelPng, type LabelPng, pixelCodes } from '../image/label-png'
import { maskOrientation } from '../image/orientation'
import type { Folder } from './files/folder'
import { readOrientation } from './files/read-orientation'
import type { DatasetItem, DatasetMask, MaskCoding } from './layouts/dataset'
import { countOf } from './layouts/paths'

/** An image that can be stored. The caller closes the bitmap. */
export interface CheckedItem {
  item: DatasetItem
  blob: Blob
  bitmap: ImageBitmap
  size: Size
  orientation: number
  mask: { blob: Blob; coding: MaskCoding['coding']; orientation: number } | null
}

/** A problem with a file, thrown inside this module. */
class ItemError extends Error {
  constructor(readonly detail: FileProblem) {
    super(detail.problem)
  }
}

/** The checked item, or the problem that keeps it out. */
export async function checkItem(
  item: DatasetItem,
  classes: readonly ClassDefinition[],
  folder: Folder,
): Promise<CheckedItem | FileProblem> {
  let bitmap: ImageBitmap | null = null
  try {
    const { blob, orientation } = await readImageFile(item.path, folder)
    bitmap = await naming(item.path, decodeUpright(blob))
    const size = { height: bitmap.height, width: bitmap.width }
    const mask = item.mask && (await checkMask(item, item.mask, { upright: size, orientation }, classes.length, folder))
    return { item, blob, bitmap, size, orientation, mask }
  } catch (error) {
    bitmap?.close()
    if (error instanceof ItemError) return error.detail
    throw error
  }
}

async function readImageFile(path: string, folder: Folder): Promise<{ blob: Blob; orientation: number }> {
  const bytes = await naming(path, folder.bytes(path))
  const type = imageType(bytes)
  if (type === null) {
    const what = bytes.length === 0 ? 'is empty' : 'is named like an image but is not a JPEG, PNG or WebP file'
    throw leftOut(path, what, 'Replace it with the real image, or remove it from the folder.')
  }
  if (isCutOff(bytes, type))
    throw leftOut(path, 'is cut off: the end of the file is missing', 'Copy or export it again.')
  refuseHuge(path, bytes)
  const blob = new Blob([bytes], { type })
  return { blob, orientation: await readOrientation(bytes) }
}

/** Refuses an image by the size it claims: a few bytes can claim one that fills the memory. */
function refuseHuge(path: string, bytes: Uint8Array): void {
  const size = claimedSize(bytes)
  if (!size || size.height * size.width <= MOST_PIXELS) return
  const most = `more than the ${MOST_PIXELS / 1e6} megapixels that a page can label`
  throw leftOut(path, `is ${sides(size)} pixels, ${most}`, 'Make it smaller, or cut it into tiles.')
}

async function checkMask(
  item: DatasetItem,
  { path, coding }: DatasetMask,
  image: { upright: Size; orientation: number },
  classCount: number,
  folder: Folder,
): Promise<CheckedItem['mask']> {
  const bytes = await naming(path, folder.bytes(path))
  refuseHuge(path, bytes)
  const png = await naming(path, async () => decodeLabelPng(bytes))
  const orientation = maskOrientation(png.size, image)
  if (orientation === null) {
    throw new ItemError({
      path,
      problem: `The mask "${path}" is ${sides(png.size)} pixels, but its image "${item.path}" is ${sides(image.upright)}; both were left out.`,
      remedy: 'Export the mask at the size of the image.',
    })
  }
  await naming(path, async () => checkCodes(path, png, coding, classCount))
  return { blob: new Blob([bytes], { type: 'image/png' }), coding: coding.coding, orientation }
}

function checkCodes(path: string, png: LabelPng, { coding, known }: MaskCoding, classCount: number): void {
  const codes = pixelCodes(png, coding.kind)
  if (!known) return
  const unknown = [...countCodes(codes)].filter(([code]) => !known.has(code)).sort((a, b) => b[1] - a[1])
  if (unknown.length === 0) return
  const isColor = coding.kind === 'color'
  const listed = unknown.slice(0, 4).map(([code, pixels]) => {
    return `${isColor ? `(${code >> 16}, ${(code >> 8) & 255}, ${code & 255})` : code} on ${countOf(pixels, 'pixel')}`
  })
  if (unknown.length > listed.length) listed.push(`${unknown.length - listed.length} more`)
  throw new ItemError({
    path,
    problem: `The mask "${path}" holds ${isColor ? 'colours' : 'label ids'} outside the ${classCount} classes: ${listed.join(', ')}; it was left out with its image.`,
    remedy: isColor
      ? 'List the colours in a label_colors.txt ("r g b name" a line), or correct the mask.'
      : 'Correct the mask (255 stands for void), or name every class in a classes.txt.',
  })
}

/** Runs a step on a file; a FileFault becomes a sentence with its name. */
async function naming<T>(path: string, step: Promise<T> | (() => Promise<T>)): Promise<T> {
  try {
    return await (typeof step === 'function' ? step() : step)
  } catch (error) {
    if (error instanceof FileFault) throw leftOut(path, error.message, error.remedy)
    throw error
  }
}

function leftOut(path: string, what: string, remedy: string): ItemError {
  return new ItemError({ path, problem: `"${path}" ${what}; it was left out.`, remedy })
}

function sides({ height, width }: Size): string {
  return `${width} x ${height}`
}

export function isProblem(outcome: CheckedItem | FileProblem): outcome is FileProblem {
  return 'problem' in outcome
}
