/** Pictures of a run's images as PNG data URLs. */
import type { ProjectRecord } from '../domain/project'
import type { ImageLayers, QuantizedMap, Region, RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { colorRamp } from '../image/color-ramp'
import { paintClasses, paintMap } from '../image/paint'
import type { DataApi } from '../rpc/contract'
import { canvasOf, pngOf, pngOfBytes } from './canvas'
import type { Picture, PictureTable } from './facts'
import { NOTHING, paintLabelsOver } from './labels-over-image'

const MAX_ROWS = 6

/** Ramp of the maps: bright is much. */
const RAMP = colorRamp('inferno')

/** Outlines every region by a bright line on a wider dark one, which is seen on any image. */
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
 * Images to show: those with the most regions in a round. The rounds take turns, the first one first, so that the rows span the run.
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

/** Reads an image with its maps and ground truth, and prepares the pictures of it. */
async function openImage({ data, project, run, rounds }: Request, imageId: string) {
  const { size } = run.config
  const layers: ImageLayers[] = []
  for (const { index } of rounds) {
    const found = await data.layers({ runId: run.id, round: index, imageId })
    if (found) layers.push(found)
  }
  const bitmap = await data.image({ imageId, size })
  const { canvas, context } = canvasOf(size)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  const groundTruth = await data.groundTruth({ imageId, size })
  const classPicture = async (ids: Uint8Array | null | undefined, round: number | null): Promise<Picture | null> =>
    ids ? { source: await pngOfBytes(paintClasses(ids, project.classes, NOTHING), size), round } : null
  const mapPicture = async (map: QuantizedMap | null | undefined, round: number | null): Promise<Picture | null> =>
    map ? { source: await pngOfBytes(paintMap(map, RAMP), size), round } : null
  return {
    layers,
    canvas,
    context,
    classPicture,
    mapPicture,
    image: { source: await pngOf(canvas), round: null },
    groundTruth: await classPicture(groundTruth, null),
  }
}

/** Pictures of a validation image in the first and the last round. */
async function validationRow(request: Request, imageId: string): Promise<(Picture | null)[]> {
  const { image, groundTruth, layers, classPicture, mapPicture } = await openImage(request, imageId)
  const [first, last] = [layers[0], layers.length > 1 ? layers.at(-1) : undefined]
  return [
    image,
    groundTruth,
    await classPicture(first?.prediction, first?.round ?? null),
    await classPicture(last?.prediction, last?.round ?? null),
    await mapPicture(first?.entropy, first?.round ?? null),
    await mapPicture(last?.entropy, last?.round ?? null),
  ]
}

/** Pictures of an image of the pool in the round that chose regions of it, with the labels that it has now. */
async function queriedRow(request: Request, imageId: string, round: number): Promise<(Picture | null)[]> {
  const { data, project, run, rounds } = request
  const { image, groundTruth, layers, canvas, context, classPicture, mapPicture } = await openImage(request, imageId)
  const { size } = run.config
  const query = layers.find((found) => found.round === round)
  const labels = await data.labels({ runId: run.id, imageId })
  if (labels) {
    const pixels = context.getImageData(0, 0, size.width, size.height)
    paintLabelsOver(pixels.data, size.width, labels, project.classes)
    context.putImageData(pixels, 0, 0)
  }
  outline(
    context,
    rounds.flatMap(({ regions }) => regions.filter((region) => region.imageId === imageId)),
  )
  return [
    image,
    groundTruth,
    await classPicture(query?.prediction, round),
    await mapPicture(query?.entropy, round),
    await mapPicture(query?.attention, round),
    { source: await pngOf(canvas), round: null },
  ]
}

/** The report's two tables of pictures: of validation images, and of images of the pool. */
export async function pictureTables(request: Request): Promise<PictureTable[]> {
  const { data, project, run, rounds } = request
  const first = rounds[0]
  if (!first) return []
  const images = await data.listImages({ projectId: project.id })
  const names = new Map(images.map(({ id, name }) => [id, name]))
  const validation: PictureTable['rows'] = []
  for (const { id, name } of images.filter(({ split }) => split === 'val')) {
    if (validation.length === MAX_ROWS) break
    // The run keeps maps of some validation images only.
    const isKept = await data.layers({ runId: run.id, round: first.index, imageId: id })
    if (isKept) validation.push({ name, pictures: await validationRow(request, id) })
  }
  const queried: PictureTable['rows'] = []
  for (const { imageId, round } of pictureImages(rounds)) {
    queried.push({ name: names.get(imageId) ?? imageId, pictures: await queriedRow(request, imageId, round) })
  }
  return [
    {
      title: 'Validation images, first and last round',
      about: 'No label of these images is ever trained on. Entropy is that of the softmax; bright is unsure.',
      columns: ['Image', 'Ground truth', 'First prediction', 'Last prediction', 'First entropy', 'Last entropy'],
      rows: validation,
    },
    {
      title: 'Images the queries took the most from',
      about:
        'Outlines are the chosen regions. Strong colours were annotated, striped ones extended; the dimmed rest has no label.',
      columns: ['Image', 'Ground truth', 'Prediction', 'Vote entropy', 'Attention', 'Regions and labels'],
      rows: queried,
    },
  ]
}
