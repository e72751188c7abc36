/** Exports labels: reads them image by image, writes them in a layout, packs the files. */
import type { ExportRequest, ExportResult } from '../domain/export'
import { IGNORE, PROVENANCE } from '../domain/labels'
import type { OnProgress } from '../domain/progress'
import { pacedProgress } from '../domain/progress'
import type { ImageRecord } from '../domain/project'
import { nearestResize } from '../image/resample'
import type { Database } from '../storage/database'
import { listImages } from '../storage/images'
import { rasterOf, readJournal } from '../storage/label-journal'
import { getLabels } from '../storage/labels'
import { getProject } from '../storage/projects'
import { type ExportedImage, imageTable } from './export-format'
import { createExporter, hasLabels } from './formats'
import { ZipFile } from './zip-file'

/** Folder of the second set, in which extended labels fill the pixels that people have not labelled. */
const EXTENDED_FOLDER = 'extended/'

export async function exportLabels(
  db: Database,
  request: ExportRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ExportResult | null> {
  const { projectId, format, extended } = request
  const { classes } = await getProject(db, projectId)
  const images = await listImages(db, projectId)
  const report = pacedProgress(onProgress, 'export')
  const zip = new ZipFile()
  const sets = extended === 'beside' ? ['', EXTENDED_FOLDER] : ['']
  const exporters = sets.map((folder) => {
    return { folder, exporter: createExporter(format, classes, images), rows: [] as [mask: string, image: string][] }
  })
  let count = 0
  const damaged: string[] = []
  for (const [i, image] of images.entries()) {
    signal.throwIfAborted()
    report({ phase: 'export', done: i, total: images.length, image: image.name })
    const labels = await labelsOf(db, image, request)
    if (labels.isDamaged) damaged.push(image.name)
    const { name, split, size } = image
    const facts = { name, split, size, fileName: fileNameOf(image) }
    let isInAny = false
    for (const { folder, exporter, rows } of exporters) {
      const isExtended = folder === EXTENDED_FOLDER || extended === 'in'
      const exported: ExportedImage = { ...facts, classes: isExtended ? labels.extended : labels.given }
      // An image with extended labels alone is not part of the set of people's labels.
      if (!hasLabels(exported)) continue
      isInAny = true
      const masks = exporter.image(exported)
      for (const { path, content } of masks) await zip.add(folder + path, content)
      if (masks.length > 0) rows.push([masks[0].path, facts.fileName])
    }
    if (isInAny) count++
  }
  if (count === 0 && damaged.length === 0) return null
  for (const { folder, exporter, rows } of exporters) {
    const tables = rows.length > 0 ? [imageTable(rows)] : []
    for (const { path, content } of [...exporter.finish(), ...tables]) await zip.add(folder + path, content)
  }
  return { zip: await zip.finish(), images: count, damaged }
}

/**
 * Two sets of the image's class ids: `given` by people alone, and with `extended` ones where people neither labelled
 * nor refused.
 */
async function labelsOf(
  db: Database,
  image: ImageRecord,
  { runId, extended }: ExportRequest,
): Promise<{ given: Uint8Array; extended: Uint8Array; isDamaged: boolean }> {
  const stored = await readJournal(db, image)
  const isDamaged = stored.problems.length > 0
  const { classes: given, provenance } = rasterOf(stored)
  const run = runId && extended !== 'out' ? await getLabels(db, runId, image.id) : undefined
  if (!run) return { given, extended: given, isDamaged }
  const added = run.classes.map((id, i) => (run.provenance[i] === PROVENANCE.extended ? id : IGNORE))
  const full = nearestResize(added, run.size, image.size)
  return { given, extended: given.map((id, i) => (provenance[i] === PROVENANCE.none ? full[i] : id)), isDamaged }
}

function fileNameOf({ path, name, blob }: ImageRecord): string {
  return path ?? `${name}.${{ 'image/jpeg': 'jpg', 'image/webp': 'webp' }[blob.type] ?? 'png'}`
}
