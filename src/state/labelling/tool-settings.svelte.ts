import type { ToolName } from '../../annotation/tools'

/** Sides of superpixels, in pixels of the image's copy of at most 1024: from details to skies. */
export const SUPERPIXEL_SIDES = [8, 14, 24, 40, 64] as const

export const SMALLEST_RADIUS = 0.5
export const LARGEST_RADIUS = 256

/** What the hand holds: kept while one goes through the images. */
export class ToolSettings {
  tool = $state<ToolName>('superpixel')
  /** Class id that is painted; 255 is void: labelled as belonging to no class. */
  classId = $state(0)
  /** Of brush and eraser, in pixels of the image. */
  radius = $state(8)
  /** Index into `SUPERPIXEL_SIDES`. */
  superpixelScale = $state(2)
  onlyUnlabelled = $state(false)
  onlyRegion = $state(true)

  /** The radius as doublings of one pixel: a slider of these is as fine for a small brush as for a large one. */
  get doublings(): number {
    return Math.log2(this.radius)
  }

  set doublings(to: number) {
    const rounded = Math.round(2 ** (to + 1)) / 2
    // Every step of the slider is one of the brush.
    const next = rounded === this.radius ? this.radius + 0.5 * Math.sign(to - this.doublings) : rounded
    this.radius = Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, next))
  }

  /** Larger (`by` > 0) or smaller: the brush, or the superpixels when they are in hand. */
  resize(by: 1 | -1) {
    if (this.tool === 'superpixel') {
      this.superpixelScale = Math.min(SUPERPIXEL_SIDES.length - 1, Math.max(0, this.superpixelScale + by))
      return
    }
    const next =
      by > 0 ? Math.max(this.radius * 1.25, this.radius + 0.5) : Math.min(this.radius / 1.25, this.radius - 0.5)
    this.radius = Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, Math.round(2 * next) / 2))
  }
}
