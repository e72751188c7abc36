/** The built-in project: seeded street scenes with exact ground truth. */

import { encode } from 'fast-png'
import { countClassIds } from '../domain/class-pixels'
import { CITYSCAPES_CLASSES } from '../domain/classes'
import type { DemoRequest, Split } from '../domain/dataset'
import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import type { ProjectRecord } from '../domain/project'
import type { Size } from '../domain/size'
import { bitmapFromRgb, thumbnail } from '../image/image-file'
import { identityCoding } from '../import/classes/known'
import type { Database } from '../storage/database'
import { type ImageEntry, putImages } from '../storage/images'
import { withProjectLock } from '../storage/project-lock'
import { deleteProject, distinctName, putProject } from '../storage/projects'
import { generateScene, SCENE_SIZE } from './scenes/scene'

const BATCH = 8
const { coding } = identityCoding(CITYSCAPES_CLASSES.length)

/** Draws and stores the demo project, or returns the one of an equal request. */
export async function createDemo(
  db: Database,
  request: DemoRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ProjectRecord> {
  const { images, validationImages, seed } = request
  const projectId = `demo-${images}-${validationImages}-${seed}`
  const find = () => db.get('projects', projectId)
  const existing = await find()
  // While somebody else draws it, that one holds the lock.
  if (existing) return existing
  return withProjectLock(projectId, async () => {
    const made = await find()
    if (made) return made
    const report = pacedProgress(onProgress, 'generate')
    try {
      for (let first = 0; first < images + validationImages; first += BATCH) {
        await putImages(db, await sceneBatch(projectId, request, first, signal))
        const done = Math.min(first + BATCH, images + validationImages)
        report({ phase: 'generate', done, total: images + validationImages })
      }
      const project: ProjectRecord = {
        id: projectId,
        name: await distinctName(db, 'Demo street scenes'),
        createdAt: Date.now(),
        source: 'demo',
        format: 'generic',
        classes: CITYSCAPES_CLASSES,
        counts: { train: images, val: validationImages },
        hasGroundTruth: true,
      }
      await putProject(db, project)
      return project
    } catch (error) {
      await deleteProject(db, projectId)
      throw error
    }
  })
}

async function sceneBatch(
  projectId: string,
  { images, validationImages, seed }: DemoRequest,
  first: number,
  signal: AbortSignal,
): Promise<ImageEntry[]> {
  const entries: ImageEntry[] = []
  for (let index = first; index < Math.min(first + BATCH, images + validationImages); index++) {
    await nextTask() // An abort arrives as a message.
    signal.throwIfAborted()
    const split = index < images ? 'train' : 'val'
    const number = String(split === 'train' ? index + 1 : index - images + 1).padStart(4, '0')
    const scene = generateScene(seed, index)
    entries.push(await sceneEntry(projectId, { split, name: `${split}/scene-${number}`, order: index }, scene))
  }
  return entries
}

async function sceneEntry(
  projectId: string,
  place: { split: Split; name: string; order: number },
  { rgb, labels }: { rgb: Uint8Array; labels: Uint8Array },
): Promise<ImageEntry> {
  const imageId = `${projectId}/${place.name}`
  const bitmap = await bitmapFromRgb(rgb, SCENE_SIZE)
  const pixels = countClassIds(labels, CITYSCAPES_CLASSES.length)
  const preview = await thumbnail(bitmap)
  bitmap.close()
  return {
    image: { id: imageId, projectId, ...place, size: SCENE_SIZE, blob: pngBlob(rgb, SCENE_SIZE, 3), orientation: 1 },
    groundTruth: { imageId, projectId, blob: pngBlob(labels, SCENE_SIZE, 1), coding, orientation: 1, pixels },
    thumbnail: { imageId, projectId, blob: preview },
  }
}

function pngBlob(data: Uint8Array, size: Size, channels: number): Blob {
  return new Blob([new Uint8Array(encode({ ...size, data, channels, depth: 8 }))], { type: 'image/png' })
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
