/** The object stores of the IndexedDB database: one for each record type of the domain. */
import type { DBSchema } from 'idb'
import type { LabelRecord } from '../domain/labels'
import type { GroundTruthRecord, ImageRecord, ProjectRecord, ThumbnailRecord } from '../domain/project'
import type { AnswerRecord, ImageLayers, QueryRecord, RoundRecord } from '../domain/round'
import type { CheckpointRecord, RunRecord } from '../domain/run'
import type { BaseRecord, JournalRecord, StrokeRecord } from '../domain/strokes'
import type { WeightsRecord } from '../domain/weights'

export interface StudioSchema extends DBSchema {
  projects: { key: string; value: ProjectRecord }
  images: { key: string; value: ImageRecord; indexes: { projectId: string } }
  groundTruth: { key: string; value: GroundTruthRecord; indexes: { projectId: string } }
  thumbnails: { key: string; value: ThumbnailRecord; indexes: { projectId: string } }
  runs: { key: string; value: RunRecord; indexes: { projectId: string } }
  rounds: { key: [string, number]; value: RoundRecord; indexes: { runId: string } }
  labels: { key: [string, string]; value: LabelRecord; indexes: { runId: string } }
  journals: { key: string; value: JournalRecord; indexes: { projectId: string } }
  strokes: { key: [string, number]; value: StrokeRecord }
  bases: { key: string; value: BaseRecord }
  layers: { key: [string, number, string]; value: ImageLayers; indexes: { runId: string } }
  queries: { key: [string, number, string]; value: QueryRecord; indexes: { runId: string } }
  answers: { key: [string, number, number]; value: AnswerRecord; indexes: { runId: string } }
  checkpoints: { key: [string, number]; value: CheckpointRecord; indexes: { runId: string } }
  weights: { key: string; value: WeightsRecord }
}
