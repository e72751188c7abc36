import type { Rectangle, Size } from '../../domain/size'
import { composeOverlay, type OverlayLayer, type ScreenPlace } from './overlay'
import type { ImagePyramid } from './pyramid'

/** What the stage shows. */
export interface Scene {
  pyramid: ImagePyramid
  /** 0..1 */
  photoOpacity: number
  /** Rasters of any size that lie over the whole photo, lowest first; those with an area are drawn in it alone. */
  maps: readonly { source: OffscreenCanvas; opacity: number; within: Rectangle | null }[]
  /** Over them, lowest first. */
  layers: readonly OverlayLayer[]
  place: ScreenPlace
  /** Draws frames, outlines and cursors in device pixels. */
  drawGuides(context: CanvasRenderingContext2D, place: ScreenPlace): void
}

export interface StageCanvases {
  photo: HTMLCanvasElement
  overlay: HTMLCanvasElement
  guides: HTMLCanvasElement
}

/** Milliseconds from the events behind the latest frames to those frames, for those who measure. */
const KEPT_DELAYS = 4096

/** Milliseconds that labels at the edges may lag behind the view while it moves. */
const LAG = 80
/** Of the time of a move, composing the overlay may take the share of one in so many. */
const SHARE = 6
/** Milliseconds that the overlay may take to be composed anew for every frame of a move. */
const QUICK = 5

/**
 * Three canvases on top of each other, each drawn when something on it has changed, once a frame: a stroke costs the part of the
 * overlay that it touched. While the view moves, the overlay as it was is moved with it, and composed anew every now and then.
 */
export class StagePainter {
  /** The one on the screen; null where nothing is labelled. */
  static current: StagePainter | null = null
  readonly #canvases: StageCanvases
  readonly #scene: () => Scene | null
  #pixels = new Uint32Array(0)
  #frame: number | null = null
  #isPhotoStale = false
  #isOverlayStale = false
  /** Where the image lay when the overlay was composed, and how long that took. */
  #composed: { place: ScreenPlace; took: number } | null = null
  /** Until the overlay that was moved is composed anew. */
  #lagging: ReturnType<typeof setTimeout> | undefined
  /** Part of the image whose overlay is stale. */
  #stale: Rectangle | null = null
  #oldestEvent = Number.POSITIVE_INFINITY
  readonly #delays: number[] = []

  constructor(canvases: StageCanvases, scene: () => Scene | null) {
    this.#canvases = canvases
    this.#scene = scene
    StagePainter.current = this
  }

  /** Sets the size in device pixels. */
  resize({ width, height }: Size) {
    for (const canvas of Object.values(this.#canvases)) {
      if (canvas.width !== width) canvas.width = width
      if (canvas.height !== height) canvas.height = height
    }
    this.all()
  }

  /** Everything anew with the next frame. */
  all() {
    this.#isPhotoStale = true
    this.#isOverlayStale = true
    this.guides()
  }

  /** The same scene elsewhere on the screen. */
  moved() {
    this.#isPhotoStale = true
    this.guides()
  }

  /** The overlay alone. */
  overlay() {
    this.#isOverlayStale = true
    this.guides()
  }

  /** A part of the image whose labels have changed, because of an event at `eventTime` (its timeStamp). */
  changed(area: Rectangle, eventTime?: number) {
    this.#stale = union(this.#stale, area)
    if (eventTime !== undefined) this.#oldestEvent = Math.min(this.#oldestEvent, eventTime)
    this.guides()
  }

  /** Frames, outlines and cursors alone. */
  guides() {
    this.#frame ??= requestAnimationFrame(() => this.#paint())
  }

  /** Milliseconds from a stroke's events to their frames, the latest last. */
  get delays(): readonly number[] {
    return this.#delays
  }

  close() {
    if (StagePainter.current === this) StagePainter.current = null
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    clearTimeout(this.#lagging)
  }

  #paint() {
    this.#frame = null
    const scene = this.#scene()
    if (!scene) return
    if (this.#isPhotoStale) this.#paintPhoto(scene)
    this.#updateOverlay(scene)
    this.#isPhotoStale = false
    this.#isOverlayStale = false
    this.#stale = null
    this.#paintGuides(scene)
    if (this.#oldestEvent < Number.POSITIVE_INFINITY) {
      this.#delays.push(performance.now() - this.#oldestEvent)
      if (this.#delays.length > KEPT_DELAYS) this.#delays.shift()
      this.#oldestEvent = Number.POSITIVE_INFINITY
    }
  }

  #paintPhoto({ pyramid, photoOpacity, maps, place }: Scene) {
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

  #updateOverlay(scene: Scene) {
    const { overlay } = this.#canvases
    const { place } = scene
    const composed = this.#composed
    const isMoved =
      !composed || composed.place.scale !== place.scale || composed.place.x !== place.x || composed.place.y !== place.y
    if (!this.#isOverlayStale && !isMoved) {
      if (this.#stale) this.#paintOverlay(scene, onScreen(this.#stale, place, overlay))
      return
    }
    if (composed && !this.#isOverlayStale && !this.#stale && composed.took > QUICK) {
      overlay.style.transform = transformBetween(composed.place, place, overlay)
      this.#lagging ??= setTimeout(() => this.overlay(), Math.max(LAG, SHARE * composed.took))
      return
    }
    clearTimeout(this.#lagging)
    this.#lagging = undefined
    const start = performance.now()
    this.#paintOverlay(scene, { x: 0, y: 0, width: overlay.width, height: overlay.height })
    overlay.style.transform = ''
    this.#composed = { place, took: performance.now() - start }
  }

  #paintOverlay({ pyramid, layers, place }: Scene, area: Rectangle) {
    const context = this.#canvases.overlay.getContext('2d')
    const count = area.width * area.height
    if (!context || count <= 0) return
    if (this.#pixels.length < count) this.#pixels = new Uint32Array(count)
    composeOverlay(this.#pixels, area, pyramid.size, place, layers)
    const bytes = new Uint8ClampedArray(this.#pixels.buffer, 0, 4 * count)
    context.putImageData(new ImageData(bytes, area.width, area.height), area.x, area.y)
  }

  #paintGuides({ drawGuides, place }: Scene) {
    const { guides } = this.#canvases
    const context = guides.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, guides.width, guides.height)
    drawGuides(context, place)
  }
}

/**
 * Draws what can be seen of a picture that lies over the whole image, or of its part in an area of the image: browsers scale all of it
 * otherwise.
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

/** The CSS transform that takes a canvas drawn for one place of the image to another. */
function transformBetween(from: ScreenPlace, to: ScreenPlace, { width, height }: Size): string {
  const scale = to.scale / from.scale
  const [x, y] = [to.x - scale * from.x, to.y - scale * from.y]
  return `translate(${(100 * x) / width}%, ${(100 * y) / height}%) scale(${scale})`
}

/** The screen pixels that a part of the image, and the outlines on its border, can touch. */
function onScreen(
  area: Rectangle,
  { scale, x, y }: ScreenPlace,
  { width, height }: { width: number; height: number },
): Rectangle {
  const left = Math.max(0, Math.floor(x + area.x * scale) - 1)
  const top = Math.max(0, Math.floor(y + area.y * scale) - 1)
  const right = Math.min(width, Math.ceil(x + (area.x + area.width) * scale) + 2)
  const bottom = Math.min(height, Math.ceil(y + (area.y + area.height) * scale) + 2)
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}

/** The smallest rectangle around both. */
function union(a: Rectangle | null, b: Rectangle): Rectangle {
  if (!a) return { x: b.x, y: b.y, width: b.width, height: b.height }
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}
