import { hullOf, type Rectangle, type Size } from '../../../domain/size'
import { composeOverlay, type OverlayLayer, type ScreenPlace } from './overlay'
import type { ImagePyramid } from './pyramid'

/** Everything that the canvas shows. */
export interface CanvasView {
  pyramid: ImagePyramid
  /** 0..1 */
  photoOpacity: number
  /** Pictures that lie over the whole photo, whatever their size, lowest first. Those with `within` are drawn inside it only. */
  maps: readonly { source: OffscreenCanvas; opacity: number; within: Rectangle | null }[]
  /** Class rasters over the pictures, lowest first. */
  layers: readonly OverlayLayer[]
  place: ScreenPlace
  /** Draws frames, outlines and cursors in device pixels. */
  drawGuides(context: CanvasRenderingContext2D, place: ScreenPlace): void
}

export interface Canvases {
  photo: HTMLCanvasElement
  overlay: HTMLCanvasElement
  guides: HTMLCanvasElement
}

declare global {
  interface DocumentEventMap {
    /** A frame shows a stroke; `detail` is the milliseconds from the stroke's oldest event in it to the frame. For benchmarks. */
    strokepainted: CustomEvent<number>
  }
}

/** While the view moves, the overlay is composed anew after this many milliseconds at the earliest. */
const LAG = 80
/** While the view moves, composing the overlay takes at most 1 / SHARE of the time. */
const SHARE = 6
/** An overlay that is composed in fewer milliseconds is composed anew for every frame of a move. */
const QUICK = 5

/**
 * Draws three canvases that lie on top of each other: photo, overlay and guides. Each is drawn when something on it has changed, at most
 * once a frame; a stroke redraws the part of the overlay that it touched. While the view moves, the last overlay moves along as a picture
 * and is composed anew every now and then.
 */
export class CanvasPainter {
  readonly #canvases: Canvases
  readonly #view: () => CanvasView | null
  #pixels = new Uint32Array(0)
  #frame: number | null = null
  #isPhotoStale = false
  #isOverlayStale = false
  /** Place of the image for which the overlay was composed, and the milliseconds that took. */
  #composed: { place: ScreenPlace; took: number } | null = null
  /** Runs while a moved overlay waits to be composed anew. */
  #recomposing: ReturnType<typeof setTimeout> | undefined
  /** Part of the image whose overlay is stale. */
  #stale: Rectangle | null = null
  #oldestEvent = Number.POSITIVE_INFINITY

  constructor(canvases: Canvases, view: () => CanvasView | null) {
    this.#canvases = canvases
    this.#view = view
  }

  /** Sets the size, in device pixels. */
  resize({ width, height }: Size) {
    for (const canvas of Object.values(this.#canvases)) {
      if (canvas.width !== width) canvas.width = width
      if (canvas.height !== height) canvas.height = height
    }
    this.all()
  }

  /** Draws everything with the next frame. */
  all() {
    this.#isPhotoStale = true
    this.#isOverlayStale = true
    this.guides()
  }

  /** Draws the view at another place of the screen with the next frame. */
  moved() {
    this.#isPhotoStale = true
    this.guides()
  }

  /** Draws the overlay, and the guides over it, with the next frame. */
  overlay() {
    this.#isOverlayStale = true
    this.guides()
  }

  /** Draws an area of the image whose labels have changed. `eventTime`: timeStamp of the event that changed them. */
  changed(area: Rectangle, eventTime?: number) {
    this.#stale = hullOf(this.#stale ? [this.#stale, area] : [area])
    if (eventTime !== undefined) this.#oldestEvent = Math.min(this.#oldestEvent, eventTime)
    this.guides()
  }

  /** Draws frames, outlines and cursors with the next frame. */
  guides() {
    this.#frame ??= requestAnimationFrame(() => this.#paint())
  }

  close() {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    clearTimeout(this.#recomposing)
  }

  #paint() {
    this.#frame = null
    const view = this.#view()
    if (!view) return
    if (this.#isPhotoStale) this.#paintPhoto(view)
    this.#updateOverlay(view)
    this.#isPhotoStale = false
    this.#isOverlayStale = false
    this.#stale = null
    this.#paintGuides(view)
    if (this.#oldestEvent < Number.POSITIVE_INFINITY) {
      const detail = performance.now() - this.#oldestEvent
      this.#canvases.guides.dispatchEvent(new CustomEvent('strokepainted', { detail, bubbles: true }))
      this.#oldestEvent = Number.POSITIVE_INFINITY
    }
  }

  #paintPhoto({ pyramid, photoOpacity, maps, place }: CanvasView) {
    const { photo } = this.#canvases
    const context = photo.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, photo.width, photo.height)
    context.globalAlpha = photoOpacity
    context.imageSmoothingEnabled = place.scale < 2
    context.imageSmoothingQuality = 'medium'
    drawVisible(context, pyramid.at(place.scale), pyramid.size, place)
    context.imageSmoothingEnabled = false
    for (const { source, opacity, within } of maps) {
      context.globalAlpha = opacity
      drawVisible(context, source, pyramid.size, place, within)
    }
  }

  #updateOverlay(view: CanvasView) {
    const { overlay } = this.#canvases
    const { place } = view
    const composed = this.#composed
    const isMoved =
      !composed || composed.place.scale !== place.scale || composed.place.x !== place.x || composed.place.y !== place.y
    if (!this.#isOverlayStale && !isMoved) {
      if (this.#stale) this.#paintOverlay(view, onScreen(this.#stale, place, overlay))
      return
    }
    if (composed && !this.#isOverlayStale && !this.#stale && composed.took > QUICK) {
      overlay.style.transform = transformBetween(composed.place, place, overlay)
      this.#recomposing ??= setTimeout(() => this.overlay(), Math.max(LAG, SHARE * composed.took))
      return
    }
    clearTimeout(this.#recomposing)
    this.#recomposing = undefined
    const start = performance.now()
    this.#paintOverlay(view, { x: 0, y: 0, width: overlay.width, height: overlay.height })
    overlay.style.transform = ''
    this.#composed = { place, took: performance.now() - start }
  }

  #paintOverlay({ pyramid, layers, place }: CanvasView, area: Rectangle) {
    const context = this.#canvases.overlay.getContext('2d')
    const count = area.width * area.height
    if (!context || count <= 0) return
    if (this.#pixels.length < count) this.#pixels = new Uint32Array(count)
    composeOverlay(this.#pixels, area, pyramid.size, place, layers)
    const bytes = new Uint8ClampedArray(this.#pixels.buffer, 0, 4 * count)
    context.putImageData(new ImageData(bytes, area.width, area.height), area.x, area.y)
  }

  #paintGuides({ drawGuides, place }: CanvasView) {
    const { guides } = this.#canvases
    const context = guides.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, guides.width, guides.height)
    drawGuides(context, place)
  }
}

/**
 * Draws the visible part of a picture that lies over the whole image, or the visible part of it inside `within`. A browser that is given
 * the whole picture scales all of it.
 */
function drawVisible(
  context: CanvasRenderingContext2D,
  source: ImageBitmap | OffscreenCanvas,
  image: Size,
  place: ScreenPlace,
  within: Rectangle | null = null,
) {
  const { x, y, width, height } = within ?? { x: 0, y: 0, ...image }
  const left = Math.max(x, Math.floor(-place.x / place.scale))
  const top = Math.max(y, Math.floor(-place.y / place.scale))
  const right = Math.min(x + width, Math.ceil((context.canvas.width - place.x) / place.scale))
  const bottom = Math.min(y + height, Math.ceil((context.canvas.height - place.y) / place.scale))
  if (right <= left || bottom <= top) return
  const [byX, byY] = [source.width / image.width, source.height / image.height]
  context.drawImage(
    source,
    left * byX,
    top * byY,
    (right - left) * byX,
    (bottom - top) * byY,
    place.x + left * place.scale,
    place.y + top * place.scale,
    (right - left) * place.scale,
    (bottom - top) * place.scale,
  )
}

/** The CSS transform that moves a canvas drawn for one place of the image to another place. */
function transformBetween(from: ScreenPlace, to: ScreenPlace, { width, height }: Size): string {
  const scale = to.scale / from.scale
  const [x, y] = [to.x - scale * from.x, to.y - scale * from.y]
  return `translate(${(100 * x) / width}%, ${(100 * y) / height}%) scale(${scale})`
}

/** The screen pixels that an area of the image and the outlines on its border can touch. */
function onScreen(area: Rectangle, { scale, x, y }: ScreenPlace, { width, height }: Size): Rectangle {
  const left = Math.max(0, Math.floor(x + area.x * scale) - 1)
  const top = Math.max(0, Math.floor(y + area.y * scale) - 1)
  const right = Math.min(width, Math.ceil(x + (area.x + area.width) * scale) + 2)
  const bottom = Math.min(height, Math.ceil(y + (area.y + area.height) * scale) + 2)
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}
