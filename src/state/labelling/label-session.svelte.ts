import type { LabelRaster } from '../../annotation/raster'
import { rectangleSpans } from '../../annotation/shapes'
import { paintMask, type Stroke } from '../../annotation/stroke'
import type { Tool } from '../../annotation/tools/tool'
import { AppError } from '../../domain/errors'
import { isLabelled } from '../../domain/labels'
import type { ImageSummary, ProjectRecord } from '../../domain/project'
import type { AnswerRecord, ImageLayers, RoundRecord } from '../../domain/round'
import type { RunRecord } from '../../domain/run'
import type { Rectangle } from '../../domain/size'
import type { ComputeApi, DataApi, SuperpixelApi } from '../../rpc/contract'
import { Latest } from '../latest'
import type { Runner } from '../runner.svelte'
import { Task } from '../task.svelte'
import { LabelDocument } from './label-document.svelte'
import { LabelLock } from './label-lock.svelte'
import { LabelledImages } from './labelled-images.svelte'
import { Notice } from './notice.svelte'
import type { QueuedRegion, RegionQueue } from './region-queue.svelte'
import { RunQuestions } from './run-questions.svelte'
import type { SaveQueue } from './save-queue.svelte'
import { Spreading } from './spreading.svelte'
import { Suggestions } from './suggestions'
import { SuperpixelScales } from './superpixel-scales.svelte'
import { ToolSettings } from './tool-settings.svelte'

export const LABEL_LAYERS = ['photo', 'prediction', 'suggestion', 'entropy', 'extension', 'labels'] as const
export type LabelLayer = (typeof LABEL_LAYERS)[number]

/** The image that is open at the label table. */
export interface OpenImage {
  image: ImageSummary
  bitmap: ImageBitmap
  document: LabelDocument
  /** Maps of the run's latest query; null when it has not looked at the image. */
  maps: ImageLayers | null
}

interface LabelWorkers {
  data: DataApi
  compute: Pick<ComputeApi, 'extend'>
  superpixel: SuperpixelApi
}

/** State of the label table: a project's images, the open one, and the maps and regions of a run if there is one. */
export class LabelSession {
  readonly loading = new Task<void>()
  readonly opening = new Task<OpenImage>()
  readonly saves: SaveQueue
  readonly tools = new ToolSettings()
  readonly lock: LabelLock
  /** Layers over each other, lowest first; opacity 0..1. */
  readonly layers = $state<Record<LabelLayer, { isVisible: boolean; opacity: number }>>({
    photo: { isVisible: true, opacity: 1 },
    prediction: { isVisible: false, opacity: 0.5 },
    // Faint: the photo must be seen to judge the suggestion.
    suggestion: { isVisible: true, opacity: 0.3 },
    entropy: { isVisible: false, opacity: 0.6 },
    extension: { isVisible: true, opacity: 0.7 },
    labels: { isVisible: true, opacity: 0.55 },
  })
  project = $state.raw<ProjectRecord | null>(null)
  images = $state.raw<ImageSummary[]>([])
  /** What the run asks; null where the table was opened without one. */
  readonly questions: RunQuestions | null
  /** Is called when the last region of a round got its answer, but for those ahead. */
  onFinished: () => void = () => {}
  open = $state.raw<OpenImage | null>(null)
  readonly notice = new Notice()
  readonly labelled = new LabelledImages(
    () => this.images,
    () => this.open?.document ?? null,
  )
  readonly #reads = new Latest()
  readonly superpixels: SuperpixelScales
  readonly spreading: Spreading
  readonly #workers: LabelWorkers
  readonly #projectId: string
  #persisted: Promise<boolean> | null = null
  /** Id of the image that was asked for last: open, or being opened. */
  #wanted: string | null = null
  #loaded: Promise<unknown> = Promise.resolve()

  /** Class ids in the order of the list and its keys. */
  classOrder: readonly number[] = $derived.by(
    () => this.project?.classOrder ?? this.project?.classes.map((_, id) => id) ?? [],
  )

  isReadOnly = $derived.by(() => this.lock.isWriter !== true)

  run: RunRecord | null = $derived.by(() => this.questions?.run ?? null)
  round: RoundRecord | null = $derived.by(() => this.questions?.round ?? null)
  /** The regions that the run asks about; null when it asks for nothing. */
  queue: RegionQueue | null = $derived.by(() => this.questions?.queue ?? null)

  constructor(workers: LabelWorkers, saves: SaveQueue, projectId: string, runId: string | null) {
    this.#workers = workers
    this.saves = saves
    this.#projectId = projectId
    this.questions = runId
      ? new RunQuestions(
          workers.data,
          saves,
          { projectId, runId },
          () => this.images,
          (queue, isShown) => this.#sayNext(queue, isShown),
        )
      : null
    this.lock = new LabelLock(projectId)
    this.superpixels = new SuperpixelScales(workers.data, workers.superpixel)
    this.spreading = new Spreading(workers.compute, saves, () => this.run?.id ?? null)
  }

  async load() {
    this.#loaded = this.loading.run(() => this.#load())
    await this.#loaded
  }

  async #load() {
    const { data } = this.#workers
    const projectId = this.#projectId
    await this.lock.request(() => this.#takeOver())
    const projects = await data.listProjects()
    this.project = projects.find(({ id }) => id === projectId) ?? null
    if (!this.project) {
      throw new AppError('not_found', 'This project is not in this browser.', 'Choose another one from the list.')
    }
    this.images = await data.listImages({ projectId })
    await this.labelled.read(data, projectId)
    await this.questions?.load()
  }

  /** Follows the run while a runner computes it. Returns a function that stops it. */
  follow(runner: Pick<Runner, 'onChange'>): () => void {
    const fail = (error: unknown) => void this.loading.run(() => Promise.reject(error))
    return this.questions?.follow(runner, fail) ?? (() => {})
  }

  #sayNext({ round, asked, left }: RegionQueue, isShown: boolean) {
    const regions = asked.length || left
    const when = isShown ? '' : ' They come after this one.'
    this.notice.say(`Round ${round}: ${regions} new ${regions === 1 ? 'region is' : 'regions are'} ready.${when}`)
    if (isShown) void this.#readMaps()
  }

  /** Reads the open image's maps of the round that asks now, where its region lies in this image too. */
  async #readMaps() {
    const { open, region } = this
    if (!open || !region) return
    await this.loading.run(async () => {
      const maps = await this.#mapsOf(open.image.id)
      if (this.open !== open) return
      open.document.settle()
      this.open = { ...open, maps }
    })
  }

  /** Opens an image, after the changes of the previous one were saved. The latest call wins. */
  async show(imageId: string) {
    this.#wanted = imageId
    if (this.open?.image.id !== imageId) return this.#read(imageId)
    this.opening.abort()
    this.opening.clear()
  }

  /** Opens the wanted image again, because the table does not show what is on the disk. */
  async reread() {
    const outdated = this.open
    if (this.#wanted) await this.#read(this.#wanted)
    // If that failed, nothing is open: the old labels must not be painted on.
    if (this.open === outdated) this.#clear()
  }

  /** Skips images that were asked for while another one was opening, but for the last. */
  async #read(imageId: string) {
    this.opening.abort()
    await this.#reads.run(() => this.#open(imageId))
  }

  async #open(imageId: string) {
    const image = this.images.find(({ id }) => id === imageId)
    if (!image) return
    const { data } = this.#workers
    const opened = await this.opening.run(async (_, signal) => {
      const [bitmap, document, maps] = await Promise.all([
        data.image({ imageId }),
        LabelDocument.open(data, this.saves, image, this.lock.isHeld),
        this.#mapsOf(imageId),
      ])
      if (signal.aborted) bitmap.close()
      signal.throwIfAborted()
      return { image, bitmap, document, maps }
    })
    if (!opened) return
    const previous = this.open
    previous?.document.settle()
    if (previous) this.labelled.leave(previous.document)
    this.open = opened
    this.superpixels.begin(image)
    this.spreading.begin(image)
    previous?.bitmap.close()
  }

  #clear() {
    this.open?.bitmap.close()
    this.open = null
  }

  async #mapsOf(imageId: string): Promise<ImageLayers | null> {
    if (!this.run || !this.round) return null
    return this.#workers.data.layers({ runId: this.run.id, round: this.round.index, imageId })
  }

  /** Reads labels and answers of the tab that had the lock, before this tab may paint. */
  async #takeOver() {
    await this.#loaded
    await this.loading.run(async () => {
      await this.questions?.load()
      await this.labelled.read(this.#workers.data, this.#projectId)
    })
    await this.reread()
  }

  /** Regions of the queue in the open image, at the image's own size. */
  regions: QueuedRegion[] = $derived.by(
    () => this.queue?.regions.filter(({ imageId }) => imageId === this.open?.image.id) ?? [],
  )

  /** The queue's current region, when it lies in the open image. */
  region: QueuedRegion | null = $derived.by(() => {
    const region = this.queue?.region
    return region && region.imageId === this.open?.image.id ? region : null
  })

  /** The network's prediction as suggestions; null when it has not looked at the open image. */
  suggestions: Suggestions | null = $derived.by(() => {
    const { open } = this
    return open?.maps?.prediction ? new Suggestions(open.maps.prediction, open.maps.size, open.image.size) : null
  })

  /** Begins a stroke of a tool, or returns null where nothing may be painted. `end`: see `LabelDocument.begin`. */
  begin(tool: Tool, end: () => void): Stroke | null {
    if (!this.open || this.isReadOnly) return null
    const within = this.tools.onlyRegion ? (this.region?.area ?? null) : null
    // Under this lock an eraser would find nothing to erase.
    const onlyUnlabelled = this.tools.onlyUnlabelled && !(tool.press === 'gesture' && tool.erases)
    return this.open.document.begin({ onlyUnlabelled, within }, end)
  }

  /**
   * The area that an answer is about: the current region, or the whole image where no run asks. Null, and a notice says why, while the
   * region lies in another image or an image is being opened.
   */
  areaInQuestion(): Rectangle | null {
    const { open, queue, region } = this
    if (!open || this.opening.isRunning) {
      this.notice.say('The image is still being opened.')
      return null
    }
    if (queue && !region) {
      this.notice.say('The region at hand lies in another image.')
      return null
    }
    return region?.area ?? { x: 0, y: 0, ...open.image.size }
  }

  /** Lets `paint` fill unlabelled pixels of an area, as one stroke. Returns the area that changed. */
  fillIn(tool: string, area: Rectangle, paint: (stroke: Stroke) => void): Rectangle | null {
    const { open } = this
    if (!open || this.isReadOnly) return null
    const stroke = open.document.begin({ onlyUnlabelled: true, within: area })
    paint(stroke)
    this.commit(stroke, tool)
    return stroke.takeDirty()
  }

  /** Answers the current region and goes to the next. A region whose image does not open can be skipped. */
  answer(status: AnswerRecord['status']) {
    const { open, region, queue, round } = this
    if (!queue || this.isReadOnly || (status !== 'skipped' && !this.areaInQuestion())) return
    open?.document.settle()
    const wasFinished = queue.isFinished
    if (open && region) queue.answer(status, labelledIn(open.document.raster, region.area))
    else if (status === 'skipped') queue.answer(status, 0)
    if (queue.isFinished && !wasFinished && queue.round > 0) this.onFinished()
    this.questions?.advance()
    if (this.round !== round) void this.#readMaps()
  }

  /** Labels unlabelled pixels from the mask that was imported with the image. Returns the area that changed. */
  async importMask(): Promise<Rectangle | null> {
    const { open } = this
    if (!open || this.isReadOnly) return null
    const { id, size } = open.image
    const mask = await this.#workers.data.groundTruth({ imageId: id, size })
    if (!mask || this.open !== open) return null
    const stroke = open.document.begin({ onlyUnlabelled: true, within: null })
    paintMask(stroke, mask, size)
    this.commit(stroke, 'Mask')
    return stroke.takeDirty()
  }

  /** Commits a finished stroke; if it changed anything, its clicks count for the current region. */
  commit(stroke: Stroke, tool: string, clicks = 1) {
    // From the first label on, the browser must not evict the storage; it is asked once.
    this.#persisted ??= navigator.storage.persist()
    if (this.open?.document.commit(stroke, tool)) this.queue?.work(clicks)
  }

  /** Leaves the table. The lock is held until all changes are on the disk: no other tab may paint before. */
  async close() {
    this.open?.document.settle()
    this.opening.abort()
    this.superpixels.dividing.abort()
    void this.saves.emptied().then(() => this.lock.release())
    await this.saves.settled()
    this.#clear()
  }
}

/** Number of labelled pixels in an area. */
function labelledIn({ size, provenance }: LabelRaster, area: Rectangle): number {
  let count = 0
  rectangleSpans(area, (y, x0, x1) => {
    for (let i = y * size.width + x0; i < y * size.width + x1; i++) count += Number(isLabelled(provenance[i]))
  })
  return count
}
