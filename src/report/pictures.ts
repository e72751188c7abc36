/** Pictures of a run's images as PNG data URLs. */
import type { DataApi } from '../rpc/contract'
import type { ImageLayers, ProjectRecord, Region, RoundRecord, RunRecord } from '../storage/schema'
import type { PictureRow } from './facts'
import { paintClasses, paintLabels, paintMap } from './paint'

const MAX_ROWS = 6

interface Raster {
  height: number
  width: number
}

function canvasOf({ height, width }: Raster): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('The browser gives no 2D canvas for the pictures of the report.')
  return { canvas, context }
}

async function pngOf(canvas: OffscreenCanvas): Promise<string> {
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return `data:image/png;base64,${btoa(text)}`
}

async function pngOfBytes(rgba: Uint8ClampedArray<ArrayBuffer>, size: Raster): Promise<string> {
  const { canvas, context } = canvasOf(size)
  context.putImageData(new ImageData(rgba, size.width, size.height), 0, 0)
  return await pngOf(canvas)
}

/** Outlines every region: dark below bright, to be seen on anything. */
function outline(context: OffscreenCanvasRenderingContext2D, regions: readonly Region[]): void {
  for (const [style, lineWidth] of [
    ['#000a', 3],
    ['#ffd166', 1.5],
  ] as const) {
    context.strokeStyle = style
    context.lineWidth = lineWidth
    for (const { x, y, width, height } of regions) context.strokeRect(x + 0.75, y + 0.75, width - 1.5, height - 1.5)
  }
}

/**
 * Images worth showing: of every round that queried, those with the most regions, rounds taking turns, first round first,
 * so that the rows span the run.
 */
export function pictureImages(rounds: readonly RoundRecord[], count = MAX_ROWS): { imageId: string; round: number }[] {
  const ranked = rounds.map((round) => {
    const regions = new Map<string, number>()
    for (const { imageId } of round.regions) regions.set(imageId, (regions.get(imageId) ?? 0) + 1)
    return [...regions]
      .sort(([a, most], [b, other]) => other - most || (a < b ? -1 : 1))
      .map(([imageId]) => ({ imageId, round: round.index }))
  })
  const chosen = new Map<string, { imageId: string; round: number }>()
  for (let place = 0; ranked.some((list) => place < list.length); place++) {
    for (const list of ranked) {
      const candidate = list[place]
      if (candidate && chosen.size < count && !chosen.has(candidate.imageId)) chosen.set(candidate.imageId, candidate)
    }
  }
  return [...chosen.values()].sort((a, b) => a.round - b.round)
}

interface Request {
  data: DataApi
  project: ProjectRecord
  run: RunRecord
  rounds: readonly RoundRecord[]
}

async function pictureRow(
  { data, project, run, rounds }: Request,
  imageId: string,
  queryRound: number,
  name: string,
): Promise<PictureRow> {
  const size = run.config.size
  const classes = project.classes
  const layers: ImageLayers[] = []
  for (const { index } of rounds) {
    const found = await data.layers({ runId: run.id, round: index, imageId })
    if (found) layers.push(found)
  }
  const predicted = layers.filter(({ prediction }) => prediction)
  const [first, last] = [predicted[0], predicted.at(-1)]
  const query = layers.find(({ round }) => round === queryRound)
  const bitmap = await data.image({ imageId, size })
  const { canvas, context } = canvasOf(size)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  const image = await pngOf(canvas)
  const truth = await data.groundTruth({ imageId, size })
  const labels = await data.labels({ runId: run.id, imageId })
  if (labels) {
    const pixels = context.getImageData(0, 0, size.width, size.height)
    paintLabels(pixels.data, size.width, labels, classes)
    context.putImageData(pixels, 0, 0)
  }
  outline(
    context,
    rounds.flatMap((round) => round.regions.filter((region) => region.imageId === imageId)),
  )
  const paint = (ids: Uint8Array | null | undefined) => (ids ? pngOfBytes(paintClasses(ids, classes), size) : null)
  const map = (values: ImageLayers['entropy'] | undefined) => (values ? pngOfBytes(paintMap(values), size) : null)
  return {
    name,
    firstRound: first?.round ?? null,
    lastRound: last?.round ?? null,
    queryRound,
    image,
    truth: await paint(truth),
    firstPrediction: await paint(first?.prediction),
    lastPrediction: await paint(last?.prediction),
    entropy: await map(query?.entropy),
    attention: await map(query?.attention),
    labels: await pngOf(canvas),
  }
}

/** Rows of pictures for the images the run's queries took the most from. */
export async function pictureRows(request: Request): Promise<PictureRow[]> {
  const images = await request.data.listImages({ projectId: request.project.id })
  const names = new Map(images.map(({ id, name }) => [id, name]))
  const rows: PictureRow[] = []
  for (const { imageId, round } of pictureImages(request.rounds)) {
    rows.push(await pictureRow(request, imageId, round, names.get(imageId) ?? imageId))
  }
  return rows
}
