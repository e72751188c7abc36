import type { Size } from '../../cpral/config'
import { AppError } from '../../rpc/errors'

/** Sizes of an image's pyramid: each half of the one before, the last under `side` pixels. */
const SMALLEST_SIDE = 256

/** An image in halving sizes, so that drawing it small neither flickers nor reads every pixel. */
export class ImagePyramid {
  readonly size: Size
  readonly #levels: ImageBitmap[]

  private constructor(levels: ImageBitmap[]) {
    this.#levels = levels
    this.size = { height: levels[0].height, width: levels[0].width }
  }

  /**
   * Takes the bitmap over; `close` frees it with the copies.
   * @throws out_of_memory when the browser has no room for the copies
   */
  static async build(bitmap: ImageBitmap, signal: AbortSignal): Promise<ImagePyramid> {
    const levels = [bitmap]
    try {
      for (let last = bitmap; Math.max(last.width, last.height) > 2 * SMALLEST_SIDE; ) {
        last = await createImageBitmap(last, {
          resizeWidth: Math.ceil(last.width / 2),
          resizeHeight: Math.ceil(last.height / 2),
          resizeQuality: 'medium',
        })
        levels.push(last)
        signal.throwIfAborted()
      }
      return new ImagePyramid(levels)
    } catch (error) {
      for (const level of levels) level.close()
      // The image may have been taken off the table, and its bitmap closed, while it was copied.
      signal.throwIfAborted()
      throw new AppError(
        'out_of_memory',
        'The browser has no memory left to show this image.',
        'Close other tabs, then open the image again.',
        { cause: error },
      )
    }
  }

  /** The smallest copy that has a pixel for each of the screen at this scale (device pixels per image pixel). */
  at(scale: number): ImageBitmap {
    const wanted = scale * this.size.width
    return this.#levels.findLast(({ width }) => width >= wanted) ?? this.#levels[0]
  }

  close() {
    for (const level of this.#levels) level.close()
  }
}
