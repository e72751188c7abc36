/** Everything that buttons and keys do at the label table. */
import { pixelLabel } from '../../../annotation/raster'
import { rectangleSpans } from '../../../annotation/shapes'
import { TOOLS } from '../../../annotation/tools/tools'
import { IGNORE, PROVENANCE } from '../../../domain/labels'
import type { Rectangle } from '../../../domain/size'
import type { LabelLayer, LabelSession } from '../../../state/labelling/label-session.svelte'
import type { Suggestions } from '../../../state/labelling/suggestions'
import type { Viewport } from '../../image/viewport.svelte'
import type { CanvasPainter } from '../canvas/canvas-painter'
import { CLASSES_WITH_KEYS, type CommandId } from './commands'
import type { PointerController } from './pointer'

/** The canvas of the open image. */
export interface Canvas {
  pointer: PointerController
  painter: CanvasPainter
}

/** Navigation callbacks of the view. */
export interface Navigation {
  endTour(): void
  showKeys(): void
  /** Goes to the current region, in whichever image it lies. */
  toRegion(): void
  /** Trains on what is labelled, where the run waits for it. */
  train(): void
  /** Goes to the next image (1) or the previous one (-1). */
  step(by: 1 | -1): void
  /** Goes to the next image without a labelled pixel. */
  toUnlabelled(): void
}

/** Notice where only a run could suggest something. */
const WITHOUT_RUN = 'Only a run suggests labels: open this table from one.'
const VOID = pixelLabel(IGNORE, PROVENANCE.human)

export class LabelActions {
  canvas: Canvas | null = null
  readonly #session: LabelSession
  readonly #viewport: Viewport
  readonly byCommand: Readonly<Record<CommandId, () => void>>

  constructor(session: LabelSession, viewport: Viewport, navigation: Navigation) {
    this.#session = session
    this.#viewport = viewport
    this.byCommand = {
      ...this.#toolCommands(),
      ...this.#classCommands(),
      ...this.#regionCommands(navigation),
      ...this.#layerCommands(),
      ...this.#viewCommands(navigation),
    }
  }

  #toolCommands() {
    const { tools } = this.#session
    return {
      ...recordOf(TOOLS.map(({ id }) => [`tool-${id}` as const, () => (tools.toolId = id)])),
      smaller: () => tools.resize(-1),
      larger: () => tools.resize(1),
      'only-unlabelled': () => (tools.onlyUnlabelled = !tools.onlyUnlabelled),
      'only-region': () => (tools.onlyRegion = !tools.onlyRegion),
    }
  }

  #classCommands() {
    const { tools } = this.#session
    const choose = (place: number) => {
      const classId = this.#session.classOrder[place]
      if (classId !== undefined) tools.classId = classId
    }
    const places = Array.from({ length: CLASSES_WITH_KEYS }, (_, place) => place)
    return {
      ...recordOf(places.map((place) => [`class-${place}` as const, () => choose(place)])),
      'class-void': () => (tools.classId = IGNORE),
      'class-under': () => this.canvas?.pointer.pick(),
    }
  }

  #regionCommands(navigation: Navigation) {
    return {
      finish: () => this.finish(),
      cancel: () => this.cancel(navigation),
      'step-back': () => this.stepBack(),
      undo: () => this.undo(),
      redo: () => this.redo(),
      save: () => this.#session.saves.retry(),
      accept: () => this.accept('all'),
      'accept-class': () => this.accept('class'),
      'accept-superpixel': () => void this.acceptSuperpixel(),
      extend: () => this.extend(),
      'accept-extension': () => this.answerExtension('accept'),
      'reject-extension': () => this.answerExtension('reject'),
      'accept-extension-class': () => this.answerExtension('accept', true),
      'reject-extension-class': () => this.answerExtension('reject', true),
      empty: () => this.nothingHere(),
      skip: () => this.#session.answer('skipped'),
      region: () => navigation.toRegion(),
      train: () => navigation.train(),
    }
  }

  #layerCommands() {
    const { layers } = this.#session
    const toggle = (layer: LabelLayer) => () => (layers[layer].isVisible = !layers[layer].isVisible)
    return {
      'layer-labels': toggle('labels'),
      'layer-prediction': toggle('prediction'),
      'layer-suggestion': toggle('suggestion'),
      'layer-entropy': toggle('entropy'),
    }
  }

  #viewCommands(navigation: Navigation) {
    const viewport = this.#viewport
    return {
      'zoom-in': () => viewport.zoomCentre(1.25),
      'zoom-out': () => viewport.zoomCentre(0.8),
      fit: () => viewport.fit(),
      'actual-size': () => viewport.actualSize(),
      keys: () => navigation.showKeys(),
      next: () => navigation.step(1),
      'next-unlabelled': () => navigation.toUnlabelled(),
      previous: () => navigation.step(-1),
    }
  }

  redraw(area: Rectangle | null | undefined) {
    if (area) this.canvas?.painter.changed(area)
  }

  undo() {
    if (this.#session.isReadOnly || this.canvas?.pointer.takeBack()) return
    this.redraw(this.#session.open?.document.undo())
  }

  redo() {
    if (!this.#session.isReadOnly) this.redraw(this.#session.open?.document.redo())
  }

  /** The network's suggestions for the open image, or null and a notice that says why there are none. */
  #suggestions(): Suggestions | null {
    const { suggestions, open, run, notice } = this.#session
    if (open && !suggestions) notice.say(run ? 'The network has not looked at this image yet.' : WITHOUT_RUN)
    return suggestions
  }

  /** Accepts the network's suggestion for the area in question: all of it, or its pixels of the class under the pointer. */
  accept(kind: 'all' | 'class') {
    const suggestions = this.#suggestions()
    const pixel = this.canvas?.pointer.pixel
    const area = suggestions && this.#session.areaInQuestion()
    if (!area || (kind === 'class' && !pixel)) return
    const classId = kind === 'class' && pixel ? suggestions.at(pixel.x, pixel.y) : null
    this.redraw(this.#session.fillIn('Accept', area, (stroke) => suggestions.accept(stroke, area, classId)))
  }

  /** Accepts the network's suggestion for the superpixel under the pointer; divides the image first if need be. */
  async acceptSuperpixel() {
    const { superpixels, tools, open } = this.#session
    const suggestions = this.#suggestions()
    const pixel = this.canvas?.pointer.pixel
    const area = suggestions && this.#session.areaInQuestion()
    if (!area || !pixel) return
    if (!superpixels.map) await superpixels.divide(tools.superpixelScale)
    const { map } = superpixels
    if (!map || this.#session.open !== open) return
    this.redraw(
      this.#session.fillIn('Accept', area, (stroke) =>
        suggestions.acceptSuperpixel(stroke, map, map.at(pixel.x, pixel.y)),
      ),
    )
  }

  extend() {
    if (this.#session.run) void this.#session.spreading.extend()
    else this.#session.notice.say(WITHOUT_RUN)
  }

  /** Accepts or refuses what extension suggests in the whole image: all of it, or its pixels of the class under the pointer. */
  answerExtension(kind: 'accept' | 'reject', isOneClass = false) {
    const { spreading, open, notice } = this.#session
    const { shown } = spreading
    if (!shown) notice.say('Nothing has been spread that waits for an answer.')
    const pixel = this.canvas?.pointer.pixel
    if (!shown || !open || (isOneClass && !pixel)) return
    const classId = isOneClass && pixel ? shown.at(pixel.x, pixel.y) : null
    if (classId === IGNORE) return
    const whole = { x: 0, y: 0, ...open.image.size }
    const tool = kind === 'accept' ? 'Accept extension' : 'Refuse extension'
    this.redraw(this.#session.fillIn(tool, whole, (stroke) => shown[kind](stroke, whole, classId)))
    if (classId === null) spreading.clear()
    else spreading.answered(classId)
  }

  /** Takes back the stroke or polygon being drawn; else ends the tour. */
  cancel(navigation: Pick<Navigation, 'endTour'>) {
    if (!this.canvas?.pointer.cancel()) navigation.endTour()
  }

  /** Closes the polygon being drawn; else answers the current region as done. */
  finish() {
    const pointer = this.canvas?.pointer
    if (pointer?.corners.length) pointer.finishPolygon()
    else this.#session.answer('done')
  }

  /** Marks the current region's unlabelled pixels as void, and answers the region as empty. */
  nothingHere() {
    const area = this.#session.queue && this.#session.areaInQuestion()
    if (!area) return
    this.redraw(
      this.#session.fillIn('Nothing here', area, (stroke) =>
        rectangleSpans(area, (y, x0, x1) => stroke.fill(y, x0, x1, VOID)),
      ),
    )
    this.#session.answer('empty')
  }

  /** Takes back the polygon's last corner; else goes to the previous region. */
  stepBack() {
    const { queue } = this.#session
    if (!this.canvas?.pointer.removeCorner()) queue?.go(queue.current - 1)
  }

  async importMask() {
    this.redraw(await this.#session.importMask())
  }
}

/** An object of entries whose keys TypeScript keeps. */
function recordOf<Id extends CommandId>(entries: readonly (readonly [Id, () => void])[]): Record<Id, () => void> {
  return Object.fromEntries(entries) as Record<Id, () => void>
}
