/** Reads one image with its mask and checks for everything that could go wrong later. */
import type { FileProblem, LabelCoding } from '../domain/dataset'
import { FileFault } from '../domain/errors'
import type { Size } from '../domain/size'
import { CLASS_ID_CODING, classIdPng } from '../image/class-id-png'
import { imageType, isCutOff, refuseHuge } from '../image/file-check'
import { decodeUpright } from '../image/image-file'
import { maskOrientation } from '../image/orientation'
import { classIdsOf } from './classes/meaning'
import { isDeep, type SampleRange, to8Bit } from './files/deep-image'
import type { Folder } from './files/folder'
import { readOrientation } from './files/read-orientation'
import type { DatasetItem, DatasetMask } from './layouts/dataset'
import { misfit } from './plan-masks'

/** An image that can be stored. The caller closes the bitmap. */
export interface CheckedItem {
  item: DatasetItem
  blob: Blob
  bitmap: ImageBitmap
  size: Size
  orientation: number
  mask: { blob: Blob; coding: LabelCoding; orientation: number } | null
}

/** A problem with a file, thrown inside this module. */
class ItemError extends Error {
  constructor(readonly detail: FileProblem) {
    super(detail.problem)
  }
}

/**
 * The checked item, or the problem that keeps it out. An image of 16 bits a sample becomes one of 8: `range` is that of
 * all such images of the folder.
 */
export async function checkItem(
  item: DatasetItem,
  folder: Folder,
  range: SampleRange | null,
): Promise<CheckedItem | FileProblem> {
  let bitmap: ImageBitmap | null = null
  try {
    const { blob, orientation } = await naming(
      item.path,
      readImageFile(await naming(item.path, folder.bytes(item.path)), range),
    )
    bitmap = await naming(item.path, decodeUpright(blob))
    const size = { height: bitmap.height, width: bitmap.width }
    const mask = item.mask && (await readMask(item.mask, item.path, { upright: size, orientation }, folder))
    return { item, blob, bitmap, size, orientation, mask }
  } catch (error) {
    bitmap?.close()
    if (error instanceof ItemError) return error.detail
    throw error
  }
}

/** @throws FileFault */
async function readImageFile(
  bytes: Uint8Array<ArrayBuffer>,
  range: SampleRange | null,
): Promise<{ blob: Blob; orientation: number }> {
  const type = imageType(bytes)
  if (type === null) {
    const what = bytes.length === 0 ? 'is empty' : 'is named like an image but is not a JPEG, PNG or WebP file'
    throw new FileFault(what, 'Replace it with the real image, or remove it from the folder.')
  }
  if (isCutOff(bytes, type))
    throw new FileFault('is cut off: the end of the file is missing', 'Copy or export it again.')
  refuseHuge(bytes)
  const stored = range && isDeep(bytes) ? to8Bit(bytes, range) : bytes
  return { blob: new Blob([stored], { type }), orientation: await readOrientation(stored) }
}

async function readMask(
  { path, size, source }: DatasetMask,
  imagePath: string,
  image: { upright: Size; orientation: number },
  folder: Folder,
): Promise<CheckedItem['mask']> {
  const stored = size ?? image.upright
  const orientation = maskOrientation(stored, image)
  if (orientation === null) throw new ItemError(misfit(path, stored, imagePath, image.upright))
  if (source.kind === 'file') {
    const bytes = await naming(path, folder.bytes(path))
    return { blob: new Blob([bytes], { type: 'image/png' }), coding: source.coding, orientation }
  }
  const classIds =
    source.kind === 'shapes'
      ? source.draw(stored)
      : classIdsOf((await naming(path, folder.picture(path))).mask, source.reading)
  return { blob: classIdPng(classIds, stored), coding: CLASS_ID_CODING, orientation }
}

/** Runs a step on a file; a FileFault becomes a sentence with its name. */
async function naming<T>(path: string, step: Promise<T>): Promise<T> {
  try {
    return await step
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    throw new ItemError({ path, problem: `"${path}" ${error.message}; it was left out.`, remedy: error.remedy })
  }
}

export function isProblem(outcome: CheckedItem | FileProblem): outcome is FileProblem {
  return 'problem' in outcome
}
