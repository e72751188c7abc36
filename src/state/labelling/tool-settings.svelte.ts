import type { Tool } from '../../annotation/tools/tool'
import { type ToolId, toolOf } from '../../annotation/tools/tools'

/** Sides of superpixels, from details to skies, in pixels of the copy that is divided (see `SuperpixelScales`). */
export const SUPERPIXEL_SIDES = [8, 14, 24, 40, 64] as const

export const SMALLEST_RADIUS = 0.5
export const LARGEST_RADIUS = 256

/** The tool in hand with its sizes, the class that it paints, and the locks. They stay while the person goes through the images. */
export class ToolSettings {
  toolId = $state<ToolId>('superpixel')
  /** Class id to paint; 255 is void: labelled as belonging to no class. */
  classId = $state(0)
  /** Radius of brush and eraser, in pixels of the image. */
  radius = $state(8)
  /** Index into `SUPERPIXEL_SIDES`. */
  superpixelScale = $state(2)
  /** Locks: strokes change pixels without a label only, or pixels of the current region only. */
  onlyUnlabelled = $state(false)
  onlyRegion = $state(true)

  /** The tool in hand. */
  get tool(): Tool {
    return toolOf(this.toolId)
  }

  /** The radius in doublings of one pixel: on this scale a slider is as fine for a small brush as for a large one. */
  get doublings(): number {
    return Math.log2(this.radius)
  }

  set doublings(to: number) {
    const rounded = Math.round(2 ** (to + 1)) / 2
    // The slider's steps may be finer than the brush's half pixels: then the brush takes one step of its own.
    const next = rounded === this.radius ? this.radius + 0.5 * Math.sign(to - this.doublings) : rounded
    this.radius = Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, next))
  }

  /** Makes the superpixels larger (1) or smaller (-1) when their tool is in hand, else the brush. */
  resize(by: 1 | -1) {
    if (this.tool.size === 'superpixels') {
      this.superpixelScale = Math.min(SUPERPIXEL_SIDES.length - 1, Math.max(0, this.superpixelScale + by))
      return
    }
    const next =
      by > 0 ? Math.max(this.radius * 1.25, this.radius + 0.5) : Math.min(this.radius / 1.25, this.radius - 0.5)
    this.radius = Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, Math.round(2 * next) / 2))
  }
}
