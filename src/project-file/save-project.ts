/** Saves a project as one file, while people go on labelling it and a run goes on computing. */

import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import type { ProjectRecord, SavedProject } from '../domain/project'
import type { RunRecord } from '../domain/run'
import { ZipFile } from '../export/zip-file'
import type { Database } from '../storage/database'
import { readRecord } from '../storage/lost-records'
import { getProject } from '../storage/projects'
import { recordToBlob } from '../storage/record-bytes'
import { allMissing } from './missing'
import { FORMAT, HEAD, type Head, VERSION } from './project-file'
import { ReadableRecords, within } from './readable-records'

/**
 * Writes the file record by record. Runs come before images: labels given meanwhile are, to a run in the file, labels
 * given after it stopped. The project comes last, so that it has the class of every label. Records that the browser has
 * lost are left out, and with them those that make no sense without them.
 * @throws AppError `not_found` when the project is deleted meanwhile
 */
export async function exportProject(
  db: Database,
  projectId: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<SavedProject> {
  const report = pacedProgress(onProgress, 'export')
  const imageIds = await db.getAllKeysFromIndex('images', 'projectId', projectId)
  const lostImages = new Set<string>()
  for (const id of imageIds) if ((await readRecord(db, 'images', id)) === null) lostImages.add(id)
  const found = new ReadableRecords(db, lostImages)
  const parts = [
    ...(await partsOfRuns(db, projectId, found)),
    ...imageIds.map((id) => ({ size: 1, content: found.ofImage(id) })),
  ]
  const total = parts.reduce((sum, { size }) => sum + size, 0)
  const zip = new ZipFile()
  let records = 0
  let done = 0
  for (const { size, content } of parts) {
    let written = 0
    for await (const { store, bytes } of content) {
      signal.throwIfAborted()
      await zip.add(`${store}/${records++}`, bytes)
      report({ phase: 'export', done: done + Math.min(++written, size - 1), total })
    }
    done += size
  }
  const missing = allMissing(found.missing)
  const project = savedAs(await getProject(db, projectId), found)
  const head: Head = { format: FORMAT, version: VERSION, projectId, runIds: found.runIds, records }
  await zip.add(HEAD, recordToBlob({ head, project }))
  report({ phase: 'export', done: total, total })
  return { file: await zip.finish(), missing }
}

/** Records of the runs, and of the weights that they start from. */
async function partsOfRuns(db: Database, projectId: string, found: ReadableRecords) {
  const runs: RunRecord[] = []
  const parts = []
  for (const id of await db.getAllKeysFromIndex('runs', 'projectId', projectId)) {
    const run = await readRecord(db, 'runs', id)
    if (run) runs.push(run)
    if (run === undefined) continue
    parts.push({ size: 1 + (await db.count('layers', within(id))), content: found.ofRun(id, run) })
  }
  const weights = Map.groupBy(runs, ({ config }) => config.weights)
  for (const [key, users] of weights) if (key) parts.push({ size: 1, content: found.ofWeights(key, users) })
  return parts
}

/** The project as the file has it: without what could not be read. */
function savedAs(project: ProjectRecord, { missing, counts, isTruthLost }: ReadableRecords): ProjectRecord {
  const all = allMissing(missing, project.missing)
  return {
    ...project,
    ...(missing.images.length > 0 && { counts }),
    ...(all && { missing: all }),
    hasGroundTruth: project.hasGroundTruth && !isTruthLost,
  }
}
