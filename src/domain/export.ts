/** Labels as files of other tools. */

/** Formats that labels can be written in: see docs/formats.md. */
export const EXPORT_FORMATS = ['index', 'cityscapes', 'bdd100k', 'camvid', 'voc', 'cvat', 'coco'] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Asks for the labels of all images of a project, as one zip. */
export interface ExportRequest {
  projectId: string
  format: ExportFormat
  /** A run whose extended labels are written too, as `extended` says; null writes people's labels alone. */
  runId: string | null
  /**
   * Extended labels: left `out`; put `in`, where a person gave none; or written `beside`, as a second set in
   * `extended/`.
   */
  extended: 'out' | 'in' | 'beside'
}

export interface ExportResult {
  zip: Blob
  /** Number of images in it. */
  images: number
  /** Names of images some of whose labels could not be read. */
  damaged: string[]
}
