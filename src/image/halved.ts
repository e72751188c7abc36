import { AppError } from '../domain/errors'

/** Until a side of the last copy is no longer than twice this, another one is made. */
const SMALLEST_SIDE = 256

/**
 * A bitmap and its copies, each half of the one before.
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
