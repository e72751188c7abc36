import { AppError } from '../domain/errors'

/** Another copy is made while a side of the last one is longer than twice this. */
const SMALLEST_SIDE = 256

/**
 * A bitmap and its copies, each half the size of the one before.
 * @throws out_of_memory when the browser has no room for them; then the bitmap is closed too
 */
export async function halved(bitmap: ImageBitmap): Promise<ImageBitmap[]> {
  const levels = [bitmap]
  try {
    for (let last = bitmap; Math.max(last.width, last.height) > 2 * SMALLEST_SIDE; levels.push(last)) {
      last = await createImageBitmap(last, {
        resizeWidth: Math.ceil(last.width / 2),
        resizeHeight: Math.ceil(last.height / 2),
        resizeQuality: 'medium',
      })
    }
    return levels
  } catch (error) {
    for (const level of levels) level.close()
    throw new AppError(
      'out_of_memory',
      'The browser has no memory left to show this image.',
      'Close other tabs, then open the image again.',
      { cause: error },
    )
  }
}
