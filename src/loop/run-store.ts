/** The round loop's view of storage, for one run. Every commit is durable when its promise resolves. */
import type { LabelRecord, Labels } from '../domain/labels'
import type { ImageLayers, QueryRecord, RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { BatchRequest, BatchSource } from '../loader/batch-source'

export interface PoolImage {
  id: string
  name: string
  /** Position in the project: breaks ties. */
  order: number
}

export interface PersonLabels extends Labels {
  /** Some of the labels could not be read. */
  isDamaged: boolean
}

export interface RunStore {
  /** Images of the train split in project order, labelled and unlabelled. */
  pool: readonly PoolImage[]
  /** Images of the validation split that have ground truth. */
  validation: readonly PoolImage[]
  /** H*W*3 bytes at the input size. */
  rgb(imageId: string): Promise<Uint8Array>
  /** The batches of a round's training, from the labels that are committed; to be closed after it. */
  batches(request: BatchRequest): BatchSource
  /** H*W class ids at the input size, 255 = void. */
  groundTruth(imageId: string): Promise<Uint8Array>
  /** The same, or null for an image without ground truth. */
  groundTruthOrNull(imageId: string): Promise<Uint8Array | null>
  /**
   * People's labels of an image at the input size (nearest), whichever run they gave them for; null when there are
   * none.
   */
  personLabels(imageId: string): Promise<PersonLabels | null>
  /** Images on which people have labelled anything. */
  personImages(): Promise<Set<string>>
  labels(imageId: string): Promise<LabelRecord | undefined>
  /** Images with labels of this run: the paper's D. All others of the pool are U. */
  labelledImages(): Promise<Set<string>>
  /** Every record must have at least one labelled pixel. */
  commitLabels(records: readonly LabelRecord[]): Promise<void>
  /** Removes a run's labels of an image: it is unlabelled again. */
  removeLabels(imageId: string): Promise<void>
  round(index: number): Promise<RoundRecord | undefined>
  commitRun(run: RunRecord): Promise<void>
  commitRound(round: RoundRecord, run: RunRecord): Promise<void>
  /**
   * Commits the round together with labels that its answer counts; null makes the image unlabelled again. Both are
   * stored, or neither.
   */
  commitAnswer(round: RoundRecord, run: RunRecord, imageId: string, labels: LabelRecord | null): Promise<void>
  queries(round: number): Promise<QueryRecord[]>
  /** Images of which the round has a query's results, and those of one image: a pool's are many. */
  queriedImages(round: number): Promise<Set<string>>
  query(round: number, imageId: string): Promise<QueryRecord | undefined>
  removeQueries(round: number): Promise<void>
  commitQuery(query: QueryRecord): Promise<void>
  commitLayers(layers: ImageLayers): Promise<void>
  layers(round: number, imageId: string): Promise<ImageLayers | undefined>
  loadCheckpoint(): Promise<{ round: number; epoch: number; bytes: ArrayBuffer } | null>
  saveCheckpoint(checkpoint: { round: number; epoch: number; bytes: ArrayBuffer }): Promise<void>
}
