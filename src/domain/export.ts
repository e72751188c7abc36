/** Labels on their way out, for other tools. */

export const EXPORT_FORMATS = ['index', 'cityscapes', 'bdd100k', 'camvid', 'voc', 'cvat', 'coco'] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export interface ExportRequest {
  projectId: string
  format: ExportFormat
  /** A run whose extended labels may go along; null = people's labels alone. */
  runId: string | null
  /** What label extension added: left `out`, put `in` where nothing else is, or `beside`, as a second set in `extended/`. */
  extended: 'out' | 'in' | 'beside'
}

export interface ExportResult {
  zip: Blob
  images: number
  /** Names of the images of whose labels not all could be read. */
  damaged: string[]
}
