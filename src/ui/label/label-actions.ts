/** What people do at the label table, whether by a button or by a key. */
import { pixelLabel } from '../../annotation/raster'
import { rectangleSpans } from '../../annotation/shapes'
import { TOOLS } from '../../annotation/tools'
import { IGNORE, PROVENANCE } from '../../domain/labels'
import type { Rectangle } from '../../domain/size'
import type { LabelLayer, LabelSession } from '../../state/labelling/label-session.svelte'
import type { Suggestions } from '../../state/labelling/suggestions'
import type { Viewport } from '../image/viewport.svelte'
import { CLASSES_WITH_KEYS } from './commands'
import type { PointerController } from './pointer'
import type { StagePainter } from './stage-painter'

/** The picture on the table, while there is one. */
export interface Stage {
  pointer: PointerController
  painter: StagePainter
}

/** What leads away from the picture. */
export interface Ways {
  endTour(): void
  showKeys(): void
  /** To the region at hand, from wherever one has looked. */
  toRegion(): void
  /** To the next image (1) or the one before (-1). */
  step(by: 1 | -1): void
  /** To the next image that nobody has labelled anything of. */
  toUnlabelled(): void
}

const WITHOUT_RUN = 'Only a run suggests labels: open this table from one.'
const VOID = pixelLabel(IGNORE, PROVENANCE.human)

export class LabelActions {
  stage: Stage | null = null
  readonly #session: LabelSession
  readonly #viewport: Viewport
  /** By the ids of `commands.ts`. */
  readonly byCommand: Readonly<Record<string, () => void>>

  constructor(session: LabelSession, viewport: Viewport, ways: Ways) {
    this.#session = session
    this.#viewport = viewport
    this.byCommand = { ...this.#choices(), ...this.#work(ways), ...this.#looks(), ...this.#moves(ways) }
  }

  #choices(): Record<string, () => void> {
    const { tools } = this.#session
    const chooseClass = (classId: number | undefined) => {
      if (classId !== undefined) tools.classId = classId
    }
    const places = Array.from({ length: CLASSES_WITH_KEYS }, (_, i) => i)
    return {
      ...Object.fromEntries(TOOLS.map((tool) => [`tool-${tool}`, () => (tools.tool = tool)])),
      ...Object.fromEntries(places.map((i) => [`class-${i}`, () => chooseClass(this.#session.classOrder[i])])),
      'class-void': () => chooseClass(IGNORE),
      'class-under': () => this.stage?.pointer.pick(),
      smaller: () => tools.resize(-1),
      larger: () => tools.resize(1),
      'only-unlabelled': () => (tools.onlyUnlabelled = !tools.onlyUnlabelled),
      'only-region': () => (tools.onlyRegion = !tools.onlyRegion),
    }
  }

  #work(ways: Ways): Record<string, () => void> {
    return {
      finish: () => this.finish(),
      cancel: () => this.cancel(ways),
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
      region: () => ways.toRegion(),
    }
  }

  #looks(): Record<string, () => void> {
    const { layers } = this.#session
    const toggle = (layer: LabelLayer) => () => (layers[layer].isVisible = !layers[layer].isVisible)
    return {
      'layer-labels': toggle('labels'),
      'layer-prediction': toggle('prediction'),
      'layer-suggestion': toggle('suggestion'),
      'layer-entropy': toggle('entropy'),
    }
  }

  #moves(ways: Ways): Record<string, () => void> {
    const viewport = this.#viewport
    return {
      'zoom-in': () => viewport.zoomCentre(1.25),
      'zoom-out': () => viewport.zoomCentre(0.8),
      fit: () => viewport.fit(),
      'actual-size': () => viewport.actualSize(),
      keys: () => ways.showKeys(),
      next: () => ways.step(1),
      'next-unlabelled': () => ways.toUnlabelled(),
      previous: () => ways.step(-1),
    }
  }

  redraw(area: Rectangle | null | undefined) {
    if (area) this.stage?.painter.changed(area)
  }

  undo() {
    if (this.#session.isReadOnly || this.stage?.pointer.takeBack()) return
    this.redraw(this.#session.open?.document.undo())
  }

  redo() {
    if (!this.#session.isReadOnly) this.redraw(this.#session.open?.document.redo())
  }

  /** What the network suggests for the open image; null, with a sentence to read, where it suggests nothing. */
  #suggestions(): Suggestions | null {
    const { suggestions, open, run, notice } = this.#session
    if (open && !suggestions) notice.say(run ? 'The network has not looked at this image yet.' : WITHOUT_RUN)
    return suggestions
  }

  /** Accepts what the network suggests where it asks: all of it, or what it says of the class under the pointer. */
  accept(kind: 'all' | 'class') {
    const suggestions = this.#suggestions()
    const pixel = this.stage?.pointer.pixel
    const area = suggestions && this.#session.areaInQuestion()
    if (!area || (kind === 'class' && !pixel)) return
    const classId = kind === 'class' && pixel ? suggestions.at(pixel.x, pixel.y) : null
    this.redraw(this.#session.fillIn('Accept', area, (stroke) => suggestions.accept(stroke, area, classId)))
  }

  /** Accepts what the network suggests for the superpixel under the pointer. The image may have to be divided first. */
  async acceptSuperpixel() {
    const { superpixels, tools, open } = this.#session
    const suggestions = this.#suggestions()
    const pixel = this.stage?.pointer.pixel
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

  /** Accepts or refuses, in the whole image, what extension suggests: all of it, or what it says of the class under the pointer. */
  answerExtension(kind: 'accept' | 'reject', isOneClass = false) {
    const { spreading, open, notice } = this.#session
    const { shown } = spreading
    if (!shown) notice.say('Nothing has been spread that waits for an answer.')
    const pixel = this.stage?.pointer.pixel
    if (!shown || !open || (isOneClass && !pixel)) return
    const classId = isOneClass && pixel ? shown.at(pixel.x, pixel.y) : null
    if (classId === IGNORE) return
    const whole = { x: 0, y: 0, ...open.image.size }
    const tool = kind === 'accept' ? 'Accept extension' : 'Refuse extension'
    this.redraw(this.#session.fillIn(tool, whole, (stroke) => shown[kind](stroke, whole, classId)))
    if (classId === null) spreading.clear()
    else spreading.answered(classId)
  }

  /** Takes back what is being drawn; else ends the tour. */
  cancel(ways: Pick<Ways, 'endTour'>) {
    if (!this.stage?.pointer.cancel()) ways.endTour()
  }

  /** Closes the polygon on its way; else the region at hand. */
  finish() {
    const pointer = this.stage?.pointer
    if (pointer?.polygon.length) pointer.finishPolygon()
    else this.#session.answer('done')
  }

  /** Of no class is what the region at hand has no label for. */
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

  /** Takes back the polygon's last corner; else goes to the region before. */
  stepBack() {
    const { queue } = this.#session
    if (!this.stage?.pointer.removeCorner()) queue?.go(queue.current - 1)
  }

  async importMask() {
    this.redraw(await this.#session.importMask())
  }
}
