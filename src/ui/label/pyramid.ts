import type { Size } from '../../cpral/config'

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

  /** Takes the bitmap over; `close` frees it with the copies. */
  static async build(bitmap: ImageBitmap): Promise<ImagePyramid> {
    const levels = [bitmap]
    for (let last = bitmap; Math.max(last.width, last.height) > 2 * SMALLEST_SIDE; ) {
      last = await createImageBitmap(last, {
        resizeWidth: Math.ceil(last.width / 2),
        resizeHeight: Math.ceil(last.height / 2),
        resizeQuality: 'medium',
      })
      levels.push(last)
    }
    return new ImagePyramid(levels)
  }

  /** The full image, for those who read pixels. */
  get full(): ImageBitmap {
    return this.#levels[0]
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
