import type { Size } from '../../../domain/size'
import type { PyramidApi } from '../../../rpc/contract'

/** An image with copies of half, a quarter ... of its size, so that drawing it small neither flickers nor reads every pixel. */
export class ImagePyramid {
  readonly size: Size
  readonly #levels: readonly ImageBitmap[]

  private constructor(levels: readonly ImageBitmap[]) {
    this.#levels = levels
    this.size = { height: levels[0].height, width: levels[0].width }
  }

  /**
   * Takes the bitmap over; `close` frees it with the copies.
   * @throws out_of_memory when the browser has no room for the copies
   */
  static async build(worker: PyramidApi, bitmap: ImageBitmap, signal: AbortSignal): Promise<ImagePyramid> {
    const pyramid = new ImagePyramid(await worker.halved({ bitmap }))
    if (signal.aborted) pyramid.close()
    signal.throwIfAborted()
    return pyramid
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
