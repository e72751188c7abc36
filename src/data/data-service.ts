/** Everything the page reads from storage, and the one writer of projects and images. Runs in the data worker. */
import { bitmapFromRgb, decodeUpright, loadRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import type { DataApi, ImageSummary } from '../rpc/contract'
import { AppError } from '../rpc/errors'
import { openStudio, type Studio, withStudio } from '../storage/database'
import { getGroundTruth, getImage, listGroundTruthIds, listImages, listThumbnails } from '../storage/images'
import { getLabels, listLabelShares } from '../storage/labels'
import { getLayers } from '../storage/layers'
import { withProjectLock } from '../storage/project-lock'
import { deleteProject, listOrphans, listProjects } from '../storage/projects'
import { listRounds } from '../storage/rounds'
import { listRuns } from '../storage/runs'
import { createDemo } from './create-demo'
import { importFolder } from './import-folder'
import { scanFolder } from './scan-folder'
import { addWeights, fetchWeights, summariseWeights } from './weights'

/** The data worker's interface on the database of this origin. */
export function dataService(): DataApi {
  let swept: Promise<void> | null = null
  /** Every call waits until what a killed import left behind is gone. */
  const read = async <T>(body: (db: Studio) => Promise<T>): Promise<T> => {
    swept ??= withStudio(removeOrphans)
    await swept
    return withStudio(body)
  }
  /** For bodies that write step by step, which must not be repeated as a whole when the connection is lost. */
  const write = async <T>(body: (db: Studio) => Promise<T>): Promise<T> => {
    await read(async () => undefined)
    return body(await openStudio())
  }
  return {
    listProjects: () => read(listProjects),
    deleteProject: ({ projectId }) => write((db) => withProjectLock(projectId, () => deleteProject(db, projectId))),
    createDemo: (request, onProgress, signal) => write((db) => createDemo(db, request, onProgress, signal)),
    scan: scanFolder,
    import: (request, onProgress, signal) => write((db) => importFolder(db, request, onProgress, signal)),
    addWeights: (request) => write((db) => addWeights(db, request)),
    fetchWeights: (request, onProgress, signal) => write((db) => fetchWeights(db, request, onProgress, signal)),
    listWeights: () => read(summariseWeights),
    listImages: ({ projectId }) => read((db) => summariseImages(db, projectId)),
    image: ({ imageId, size }) =>
      read(async (db) => {
        const { blob } = await getImage(db, imageId)
        return size ? bitmapFromRgb(await loadRgb(blob, size), size) : decodeUpright(blob)
      }),
    groundTruth: ({ imageId, size }) =>
      read(async (db) => {
        const truth = await getGroundTruth(db, imageId)
        return truth ? loadClassIds(truth, size) : null
      }),
    listRuns: ({ projectId }) => read((db) => listRuns(db, projectId)),
    rounds: ({ runId }) => read((db) => listRounds(db, runId)),
    labelShares: ({ runId }) => read((db) => listLabelShares(db, runId)),
    labels: ({ runId, imageId }) => read(async (db) => (await getLabels(db, runId, imageId)) ?? null),
    layers: ({ runId, round, imageId }) => read(async (db) => (await getLayers(db, runId, round, imageId)) ?? null),
    quota: async () => {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate()
      return { usage, quota, isPersisted: await navigator.storage.persisted() }
    },
  }
}

/** Removes images without a project, unless an import in another tab is writing them right now. */
async function removeOrphans(db: Studio): Promise<void> {
  for (const projectId of await listOrphans(db)) {
    try {
      await withProjectLock(projectId, () => deleteProject(db, projectId))
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'project_locked')) throw error
    }
  }
}

async function summariseImages(db: Studio, projectId: string): Promise<ImageSummary[]> {
  const [images, labelled, thumbnails] = await Promise.all([
    listImages(db, projectId),
    listGroundTruthIds(db, projectId),
    listThumbnails(db, projectId),
  ])
  const thumbnailOf = new Map(thumbnails.map(({ imageId, blob }) => [imageId, blob]))
  return images.map(({ id, name, split, size, blob }) => {
    return { id, name, split, size, hasGroundTruth: labelled.has(id), thumbnail: thumbnailOf.get(id) ?? blob }
  })
}
