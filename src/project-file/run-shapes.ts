/** The shape that runs and their records must have in a file: screens read their fields unguarded. */
import type { EngineReport } from '../domain/engine'
import type { ErrorCode } from '../domain/errors'
import type { LabelRecord } from '../domain/labels'
import type {
  AdversaryRecord,
  AnswerRecord,
  Because,
  Candidate,
  ClassScores,
  Evaluation,
  ImageLayers,
  NoiseCount,
  PersonAnswer,
  QuantizedMap,
  QueryRecord,
  Region,
  RoundRecord,
} from '../domain/round'
import type { CheckpointRecord, Effort, FirstRound, Incident, RunRecord } from '../domain/run'
import { TIMED, type Timed } from '../domain/stages'
import type { WeightsRecord } from '../domain/weights'
import {
  boolean,
  type Check,
  count,
  fields,
  instanceOf,
  listOf,
  nullable,
  number,
  oneOf,
  optional,
  text,
} from '../storage/shape'
import { isConfig, isEncoder, isSize } from './config-shape'
import type { ImportedIds } from './imported-ids'

const bytes = instanceOf(Uint8Array)
const buffer = instanceOf(ArrayBuffer)
/**
 * A number that may be NaN (a mean over nothing) or infinite (a distance to nothing). Older files have null for both.
 */
const measure = (value: unknown): value is number => value === null || number(value)
const stage = oneOf(...TIMED)
const errorCode = (value: unknown): value is ErrorCode => text(value)

const isEngine = fields<EngineReport>({
  engine: oneOf('webgpu', 'wasm'),
  device: text,
  reason: text,
  isSoftware: boolean,
})

const isEvaluation = fields<Evaluation>({
  mIoU: measure,
  iouPerClass: listOf(nullable(number)),
  pixelAccuracy: measure,
  confusion: listOf(number),
})

const isSeconds = fields(Object.fromEntries(TIMED.map((part) => [part, number])) as Record<Timed, Check<number>>)

const isMap = fields<QuantizedMap>({ values: bytes, max: number })

const isBecause = fields<Because>({
  between: (value): value is [number, number] => listOf(count, 2)(value),
  rare: optional(count),
})

const isClassScores = fields<ClassScores>({
  masses: instanceOf(Uint16Array),
  classShares: instanceOf(Float32Array),
  newPixels: nullable(instanceOf(Uint32Array)),
})

const isCandidate = fields<Candidate>({
  x: number,
  y: number,
  score: measure,
  newPixels: number,
  classId: optional(count),
  because: optional(isBecause),
})

const isFailure = fields<NonNullable<RunRecord['failure']>>({ message: text, remedy: text, code: optional(errorCode) })

const isAdversary = fields<AdversaryRecord>({
  steps: number,
  losses: fields({ reconstruction: measure, divergence: measure, adversarial: measure, discriminator: measure }),
  accuracy: fields({ labelled: measure, unlabelled: measure }),
  isCollapsed: boolean,
})

function isRound({ image, run }: ImportedIds) {
  const isRegion = fields<Region>({
    imageId: image,
    x: number,
    y: number,
    width: number,
    height: number,
    score: measure,
    because: optional(isBecause),
  })
  const isAnswer = fields<PersonAnswer>({
    images: listOf(image),
    newPixels: number,
    judgedPixels: number,
    agreeingPixels: number,
    byHand: optional(fields({ judgedPixels: number, agreeingPixels: number })),
    newPixelsAhead: optional(number),
  })
  return fields<RoundRecord>({
    runId: run,
    index: count,
    labelledPixels: number,
    poolPixels: number,
    trainImages: listOf(image),
    steps: number,
    losses: listOf(measure),
    labelledSeen: optional(listOf(number)),
    evaluation: nullable(isEvaluation),
    subset: listOf(fields({ imageId: image, score: measure })),
    regions: listOf(isRegion),
    ahead: optional(listOf(isRegion)),
    selectedClassPixels: listOf(number),
    poolClassPixels: listOf(number),
    isAsked: optional(boolean),
    entropyShare: optional(nullable(fields({ chosen: number, subset: number }))),
    answer: optional(isAnswer),
    answerAhead: optional(isAnswer),
    aheadPixels: optional(number),
    extension: nullable(fields({ addedPixels: number, correctPixels: number, judgedPixels: number })),
    candidates: optional(fields({ found: number, taken: number })),
    unspentPixels: optional(number),
    noise: optional(fields<NoiseCount>({ answered: number, wrong: number, missing: number })),
    adversary: optional(isAdversary),
    seconds: isSeconds,
    isComplete: boolean,
  })
}

export function runShapes(ids: ImportedIds) {
  const { project, newRun, image, run } = ids
  return {
    runs: fields<RunRecord>({
      id: newRun,
      projectId: project,
      createdAt: number,
      name: optional(text),
      config: isConfig,
      firstRound: optional(
        fields<Omit<FirstRound, 'checkpoint'>>({
          losses: listOf(measure),
          labelledSeen: optional(listOf(number)),
          steps: number,
          seconds: number,
        }),
      ),
      classCount: optional(count),
      initialWeights: optional(nullable(fields({ name: text, sha256: text, source: nullable(text) }))),
      status: oneOf('ready', 'running', 'paused', 'waiting', 'done', 'failed'),
      round: count,
      stage,
      engine: nullable(isEngine),
      failure: nullable(isFailure),
      effort: optional(fields<Effort>({ batchSize: nullable(count), share: number })),
      incidents: optional(listOf(fields<Incident>({ at: number, code: errorCode, sentence: text }))),
      damagedLabels: optional(listOf(text)),
      voidImages: optional(listOf(text)),
    }),
    rounds: isRound(ids),
    labels: fields<LabelRecord>({ runId: run, imageId: image, size: isSize, classes: bytes, provenance: bytes }),
    layers: fields<ImageLayers>({
      runId: run,
      round: count,
      imageId: image,
      size: isSize,
      prediction: nullable(bytes),
      confidence: optional(isMap),
      entropy: nullable(isMap),
      attention: nullable(isMap),
    }),
    queries: fields<QueryRecord>({
      runId: run,
      round: count,
      imageId: image,
      score: measure,
      candidates: nullable(listOf(isCandidate)),
      classScores: optional(isClassScores),
    }),
    answers: fields<AnswerRecord>({
      runId: run,
      round: count,
      index: count,
      status: oneOf('done', 'empty', 'skipped'),
      pixels: optional(number),
      clicks: number,
      seconds: number,
      at: number,
    }),
    checkpoints: fields<CheckpointRecord>({
      runId: run,
      slot: oneOf(0, 1, 2),
      round: count,
      epoch: count,
      savedAt: number,
      bytes: buffer,
      sha256: text,
    }),
  }
}

export const isWeights = fields<WeightsRecord>({
  key: text,
  name: text,
  bytes: buffer,
  source: nullable(text),
  encoder: isEncoder,
  firstExpansion: boolean,
  naming: text,
})
