/** Validation images of a run as its last round saw them, small enough to be kept beside each run of a study. */
import type { Size } from '../../domain/size'
import { classIdPng } from '../../image/class-id-png'
import { nearestResize } from '../../image/resample'
import type { DataApi } from '../../rpc/contract'
import type { LinePictures } from '../../study/study-outcome'
import { canvasOf, dataUrlOf } from '../canvas'
import { findRun } from '../report'

/** In pixels. */
export const LONGEST_SIDE = 480
const JPEG_QUALITY = 0.8
const MOST_IMAGES = 4
/** Characters of all pictures together. */
const MOST_CHARACTERS = 180_000

/**
 * Of the validation images whose predictions the run keeps, the first ones.
 * @throws not_found
 */
export async function runPictures(data: DataApi, runId: string): Promise<LinePictures> {
  const { project, run } = await findRun(data, runId)
  const rounds = (await data.rounds({ runId })).filter(({ isComplete }) => isComplete)
  const round = Math.max(...rounds.map(({ index }) => index))
  const size = withinSide(run.config.size)
  const pictures: LinePictures = { classes: project.classes, size, images: [] }
  let characters = 0
  for (const { id, name, split } of await data.listImages({ projectId: project.id })) {
    if (split !== 'val' || pictures.images.length === MOST_IMAGES) continue
    const prediction = (await data.layers({ runId, round, imageId: id }))?.prediction
    if (!prediction) continue
    const truth = await data.groundTruth({ imageId: id, size: run.config.size })
    const pngOf = (ids: Uint8Array) => dataUrlOf(classIdPng(nearestResize(ids, run.config.size, size), size))
    const shown = {
      name,
      image: await jpegOf(await data.image({ imageId: id, size })),
      truth: truth && (await pngOf(truth)),
      prediction: await pngOf(prediction),
    }
    characters += shown.image.length + (shown.truth?.length ?? 0) + shown.prediction.length
    if (characters > MOST_CHARACTERS) break
    pictures.images.push(shown)
  }
  return pictures
}

function withinSide({ height, width }: Size): Size {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(height, width))
  return { height: Math.round(height * scale), width: Math.round(width * scale) }
}

async function jpegOf(bitmap: ImageBitmap): Promise<string> {
  const { canvas, context } = canvasOf(bitmap)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return dataUrlOf(await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY }))
}
