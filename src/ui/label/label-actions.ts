/** What people do at the label table, whether by a button or by a key. */
import { pixelLabel } from '../../annotation/raster'
import { rectangleSpans } from '../../annotation/shapes'
import { TOOLS, type ToolName } from '../../annotation/tools'
import type { Rectangle } from '../../cpral/oracle'
import type { LabelLayer, LabelSession } from '../../state/labelling/label-session.svelte'
import { IGNORE, PROVENANCE } from '../../storage/schema'
import type { Viewport } from '../image/viewport.svelte'
import { CLASS_DIGITS } from './commands'
import type { PointerController } from './pointer'
import type { StagePainter } from './stage-painter'

/** The picture on the table, while there is one. */
export interface Stage {
  pointer: PointerController
  painter: StagePainter
}

/** What leads away from the picture. */
export interface Ways {
  leave(): void
  showKeys(): void
  /** To the next image (1) or the one before (-1). */
  step(by: 1 | -1): void
}

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
    const digits = Array.from({ length: CLASS_DIGITS }, (_, i) => i)
    return {
      ...Object.fromEntries(TOOLS.map((tool) => [`tool-${tool}`, () => this.#chooseTool(tool)])),
      ...Object.fromEntries(digits.map((i) => [`class-${i}`, () => chooseClass(this.#session.classOrder[i])])),
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
      cancel: () => this.stage?.pointer.cancel() || ways.leave(),
      'step-back': () => this.stepBack(),
      undo: () => this.undo(),
      redo: () => this.redo(),
      save: () => this.#session.saves.retry(),
      accept: () => this.accept('all'),
      'accept-class': () => this.accept('class'),
      'accept-superpixel': () => this.accept('superpixel'),
      extend: () => void this.#session.spreading.extend(),
      'accept-extension': () => this.answerExtension('accept'),
      'reject-extension': () => this.answerExtension('reject'),
      'accept-extension-class': () => this.answerExtension('accept', true),
      'reject-extension-class': () => this.answerExtension('reject', true),
      empty: () => this.nothingHere(),
      skip: () => this.#session.answer('skipped'),
    }
  }

  #looks(): Record<string, () => void> {
    const { layers } = this.#session
    const toggle = (layer: LabelLayer) => () => (layers[layer].isVisible = !layers[layer].isVisible)
    return {
      'layer-labels': toggle('labels'),
      'layer-prediction': toggle('prediction'),
      'layer-entropy': toggle('entropy'),
    }
  }

  #moves(ways: Ways): Record<string, () => void> {
    const viewport = this.#viewport
    return {
      'zoom-in': () => viewport.zoomCentre(1.25),
      'zoom-out': () => viewport.zoomCentre(0.8),
      fit: () => viewport.fit(),
      'actual-size': () => viewport.zoomCentre(1 / (viewport.scale * devicePixelRatio)),
      keys: () => ways.showKeys(),
      next: () => ways.step(1),
      previous: () => ways.step(-1),
    }
  }

  redraw(area: Rectangle | null | undefined) {
    if (area) this.stage?.painter.changed(area)
  }

  #chooseTool(tool: ToolName) {
    this.stage?.pointer.cancel()
    this.#session.tools.tool = tool
  }

  undo() {
    this.stage?.pointer.cancel()
    if (!this.#session.isReadOnly) this.redraw(this.#session.open?.document.undo())
  }

  redo() {
    if (!this.#session.isReadOnly && !this.stage?.pointer.isDrawing) this.redraw(this.#session.open?.document.redo())
  }

  /** Accepts what the network suggests: all of it, or what it says of the class or superpixel under the pointer. */
  accept(kind: 'all' | 'class' | 'superpixel') {
    const { suggestions, superpixels } = this.#session
    const pixel = this.stage?.pointer.pixel
    if (!suggestions) return
    this.redraw(
      this.#session.fillIn('Accept', (stroke, area) => {
        if (kind === 'all') suggestions.accept(stroke, area, null)
        else if (kind === 'class' && pixel) suggestions.accept(stroke, area, suggestions.at(pixel.x, pixel.y))
        else if (superpixels.map && pixel) {
          suggestions.acceptSuperpixel(stroke, superpixels.map, superpixels.map.at(pixel.x, pixel.y))
        }
      }),
    )
  }

  /** Accepts or refuses, in the whole image, what extension suggests: all of it, or what it says of the class under the pointer. */
  answerExtension(kind: 'accept' | 'reject', isOneClass = false) {
    const { spreading, open } = this.#session
    const { shown } = spreading
    const pixel = this.stage?.pointer.pixel
    if (!shown || !open || (isOneClass && !pixel)) return
    const classId = isOneClass && pixel ? shown.at(pixel.x, pixel.y) : null
    const whole = { x: 0, y: 0, ...open.image.size }
    const tool = kind === 'accept' ? 'Accept extension' : 'Refuse extension'
    this.redraw(this.#session.fillIn(tool, (stroke) => shown[kind](stroke, whole, classId), whole))
    if (!isOneClass) spreading.clear()
  }

  /** Closes the polygon on its way; else the region at hand. */
  finish() {
    const pointer = this.stage?.pointer
    if (pointer?.polygon.length) pointer.finishPolygon()
    else this.#session.answer('done')
  }

  /** Of no class is what the region at hand has no label for. */
  nothingHere() {
    if (!this.#session.queue) return
    this.redraw(
      this.#session.fillIn('Nothing here', (stroke, area) =>
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
