/** The data worker's service: reads everything that the page shows, and is the one writer of projects and images. */

import { createDemo } from '../demo/create-demo'
import { AppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'
import type { ImageSummary, SavedProject } from '../domain/project'
import type { LabelHistory } from '../domain/strokes'
import { exportLabels } from '../export/export-labels'
import { exportNetwork } from '../export/export-network'
import { bitmapFromRgb, decodeUpright, loadRgb } from '../image/image-file'
import { loadClassIds } from '../image/label-png'
import { listUntakenMasks, takeMasks } from '../import/take-masks'
import { importProject } from '../project-file/open-project'
import { isProjectFile } from '../project-file/project-file'
import { exportProject } from '../project-file/save-project'
import type { DataApi } from '../rpc/contract'
import { listAnswers, putAnswer } from '../storage/answers'
import { updateClasses } from '../storage/classes'
import { type Database, openDatabase, withDatabase } from '../storage/database'
import { getFirstRound } from '../storage/first-rounds'
import { getGroundTruth, getImage, listGroundTruthIds, listImages, listThumbnails } from '../storage/images'
import { appendStroke, listJournals, moveHead, readJournal, repairJournal } from '../storage/label-journal'
import { getLabels, listLabelShares } from '../storage/labels'
import { getLayers, listLayerImages } from '../storage/layers'
import { withLabelLock, withProjectLock } from '../storage/project-lock'
import { deleteProject, getProject, listOrphans, listProjects, noteSaved, renameProject } from '../storage/projects'
import { listRounds } from '../storage/rounds'
import { listRuns } from '../storage/runs'
import { readStored } from '../storage/stored-file'
import { countTruthPixels } from './truth-pixels'
import { addWeights, fetchWeights, summariseWeights } from './weights'

/** A visit that imports nothing loads nothing of the import. */
const importer = () => import('../import/importer')

/** The data worker's interface on the database of this origin. */
export function dataService(): DataApi {
  let swept: Promise<void> | null = null
  const sweepAgain = () => {
    swept = null
  }
  /**
   * Every call waits until leftovers of a killed import have been removed; where that fails, the next call tries again.
   */
  const read = async <T>(body: (db: Database) => Promise<T>): Promise<T> => {
    swept ??= withDatabase(removeOrphans).catch(sweepAgain)
    await swept
    return withDatabase(body)
  }
  /** For bodies that write step by step, which must not be repeated as a whole when the connection is lost. */
  const write = async <T>(body: (db: Database) => Promise<T>): Promise<T> => {
    await read(async () => undefined)
    return body(await openDatabase())
  }
  return {
    listProjects: () => read(listProjects),
    renameProject: ({ projectId, name }) => write((db) => renameProject(db, projectId, name)),
    deleteProject: ({ projectId, isWriter = false }) =>
      write((db) => {
        const remove = () => deleteProject(db, projectId)
        return withProjectLock(projectId, () => (isWriter ? remove() : withLabelLock(projectId, remove)))
      }),
    createDemo: (request, onProgress, signal) => write((db) => createDemo(db, request, onProgress, signal)),
    saveProject: ({ projectId }, onProgress, signal) => read((db) => saveProject(db, projectId, onProgress, signal)),
    countUnsavedImages: ({ projectId }) =>
      read(async (db) => {
        const { savedAt = 0 } = await getProject(db, projectId)
        // A clock may stand still for a while: a change made as the saving began need not be in the file.
        return (await listJournals(db, projectId)).filter(({ changedAt = 1 }) => changedAt >= savedAt).length
      }),
    isProjectFile: ({ file }) => isProjectFile(file),
    openProject: ({ file }, onProgress, signal) => write((db) => importProject(db, file, onProgress, signal)),
    unzip: async ({ archive, ...options }, onProgress, signal) =>
      (await importer()).unzip(archive, onProgress, signal, options),
    scan: async (request, onProgress, signal) => (await importer()).scanFolder(request, onProgress, signal),
    previewPair: async ({ plan, index }) => (await importer()).previewPair(plan, index),
    previewClass: async ({ plan, classId }) => (await importer()).previewClass(plan, classId),
    previewFile: async ({ plan, path }) => (await importer()).previewFile(plan, path),
    import: async (request, onProgress, signal) => {
      const { importFolder } = await importer()
      return write((db) => importFolder(db, request, onProgress, signal))
    },
    addWeights: (request) => write((db) => addWeights(db, request)),
    fetchWeights: (request, onProgress, signal) => write((db) => fetchWeights(db, request, onProgress, signal)),
    listWeights: () => read(summariseWeights),
    listImages: ({ projectId }) => read((db) => summariseImages(db, projectId)),
    image: ({ imageId, size }) =>
      read(async (db) => {
        const { name, blob } = await getImage(db, imageId)
        if (!size) return readStored(name, decodeUpright(blob))
        return bitmapFromRgb(await readStored(name, loadRgb(blob, size)), size)
      }),
    groundTruth: ({ imageId, size }) =>
      read(async (db) => {
        const truth = await getGroundTruth(db, imageId)
        if (!truth) return null
        return readStored(`the mask of ${(await getImage(db, imageId)).name}`, loadClassIds(truth, size))
      }),
    truthPixels: ({ projectId }, onProgress, signal) =>
      read((db) => countTruthPixels(db, projectId, onProgress, signal)),
    readClasses: async ({ file }) =>
      (await importer()).readClassList(file.name, new Uint8Array(await file.arrayBuffer())),
    updateClasses: (request) => write((db) => updateClasses(db, request)),
    untakenMasks: ({ projectId }) => read(async (db) => (await listUntakenMasks(db, projectId)).length),
    takeMasks: ({ projectId }, onProgress, signal) =>
      read((db) => withLabelLock(projectId, () => takeMasks(db, projectId, onProgress, signal))),
    labelHistory: ({ imageId, isWriter }) => read((db) => labelHistory(db, imageId, isWriter)),
    appendStroke: ({ imageId, head, stroke }) => read((db) => appendStroke(db, imageId, head, stroke)),
    moveHead: ({ imageId, from, to }) => read((db) => moveHead(db, imageId, from, to)),
    personLabelShares: ({ projectId }) =>
      read(async (db) => {
        const journals = await listJournals(db, projectId)
        return journals.map(({ imageId, annotatedPixels, size }) => {
          return { imageId, labelled: annotatedPixels / (size.height * size.width) }
        })
      }),
    exportLabels: (request, onProgress, signal) => read((db) => exportLabels(db, request, onProgress, signal)),
    firstRound: ({ runId }) => read((db) => getFirstRound(db, runId)),
    exportNetwork: ({ runId }) => read((db) => exportNetwork(db, runId)),
    answers: ({ runId, round }) => read((db) => listAnswers(db, runId, round)),
    putAnswer: ({ answer }) => read((db) => putAnswer(db, answer)),
    listRuns: ({ projectId }) => read((db) => listRuns(db, projectId)),
    rounds: ({ runId }) => read((db) => listRounds(db, runId)),
    labelShares: ({ runId }) => read((db) => listLabelShares(db, runId)),
    labels: ({ runId, imageId }) => read(async (db) => (await getLabels(db, runId, imageId)) ?? null),
    layerImages: ({ runId, round }) => read((db) => listLayerImages(db, runId, round)),
    layers: ({ runId, round, imageId }) => read(async (db) => (await getLayers(db, runId, round, imageId)) ?? null),
    quota,
  }
}

async function quota(): ReturnType<DataApi['quota']> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate()
  return { usage, quota, isPersisted: await navigator.storage.persisted() }
}

async function saveProject(
  db: Database,
  projectId: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<SavedProject> {
  const startedAt = Date.now()
  const saved = await exportProject(db, projectId, onProgress, signal)
  // On a full disk the file matters more than the note about it: the page then keeps reminding.
  await noteSaved(db, projectId, startedAt).catch(() => undefined)
  return saved
}

async function labelHistory(db: Database, imageId: string, isWriter: boolean): Promise<LabelHistory> {
  const stored = await readJournal(db, await getImage(db, imageId))
  if (stored.problems.length > 0 && isWriter) await repairJournal(db, stored)
  const { journal, base, strokes, problems } = stored
  return { base, first: journal.first, head: journal.head, strokes, problems }
}

/** Removes images without a project, unless an import in another tab is writing them right now. */
async function removeOrphans(db: Database): Promise<void> {
  for (const projectId of await listOrphans(db)) {
    try {
      await withProjectLock(projectId, async () => {
        // The import may have ended since the list was made.
        if (!(await db.get('projects', projectId))) await deleteProject(db, projectId)
      })
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'project_locked')) throw error
    }
  }
}

async function summariseImages(db: Database, projectId: string): Promise<ImageSummary[]> {
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
