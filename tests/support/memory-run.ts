/**
 * The whole loop in Node: the paper's stages and the kernels' references over a small synthetic pool, storage in a Map,
 * and a learner whose "network" is a number. For tests of the loop's bookkeeping.
 */
import { expect } from 'vitest'
import { sumScore } from '../../src/cpral/image-scores'
import { defaultConfig } from '../../src/cpral/presets'
import { regionCandidates } from '../../src/cpral/region-selection'
import { windowStride } from '../../src/cpral/window-grid'
import type { CpralConfig, MethodName } from '../../src/domain/config'
import { countLabelled, type LabelRecord } from '../../src/domain/labels'
import type { ImageLayers, QueryRecord, RoundRecord } from '../../src/domain/round'
import type { RunRecord } from '../../src/domain/run'
import { gaussianAttentionReference } from '../../src/kernels/attention/gaussian-attention.reference'
import { classWindowsReference } from '../../src/kernels/committee/class-windows.reference'
import { pixelStatisticsReference } from '../../src/kernels/committee/pixel-statistics.reference'
import { voteEntropyReference } from '../../src/kernels/committee/vote-entropy.reference'
import { batchesHere } from '../../src/loader/batch-source'
import type { ClassScoreRequest, ClassScoreResult, Learner, QueryRequest } from '../../src/loop/learner'
import { runLoop } from '../../src/loop/run-loop'
import type { PoolImage, RunStore } from '../../src/loop/run-store'
import { attendToPatches } from '../../src/math/patch-attention'
import { quantize } from '../../src/math/quantize'
import { hash32, hashWords, randomStream } from '../../src/math/random'

export const SIZE = { height: 32, width: 48 }
export const PIXELS = SIZE.height * SIZE.width
export const CLASSES = 4
export const TRAIN_IMAGES = 20

export function configOf(method: MethodName): CpralConfig {
  return defaultConfig({ format: 'generic', source: 'folder', trainImages: TRAIN_IMAGES, imageSize: SIZE }, 'tiny', {
    seed: 11,
    // Blurring is most of a batch's cost, and says nothing about bookkeeping.
    training: { epochs: 3, blurProbability: 0 },
    monteCarlo: { passes: 5 },
    selection: { method, initialImages: 2, panopticSize: 5, budgetImages: 2, rounds: 4, regionSide: 8 },
    extension: { longSide: 48, patch: 4, stride: 4 },
  })
}

/** Stripes of the four classes, each with its colour; the last rows are void. */
export function truthOf(order: number): Uint8Array {
  const truth = knownTruths.get(order) ?? drawTruth(order)
  knownTruths.set(order, truth)
  return truth.slice()
}

const knownTruths = new Map<number, Uint8Array>()

function drawTruth(order: number): Uint8Array {
  return Uint8Array.from({ length: PIXELS }, (_, i) => {
    const [r, c] = [Math.floor(i / SIZE.width), i % SIZE.width]
    return r >= 30 ? 255 : Math.floor((c + 5 * order + (r >> 3)) / 12) % CLASSES
  })
}

function rgbOf(order: number): Uint8Array {
  const stream = randomStream(order, 'test-colours')
  return Uint8Array.from(
    { length: PIXELS * 3 },
    (_, i) => 50 * ((truthOf(order)[Math.floor(i / 3)] % CLASSES) + (i % 3)) + stream.below(8),
  )
}

export const images = (split: string, count: number): PoolImage[] =>
  Array.from({ length: count }, (_, order) => ({ id: `${split}-${order}`, name: `${split}/${order}`, order }))
export const orderOf = (imageId: string) => Number(imageId.split('-')[1])

/** What survives a killed tab. */
export interface Disk {
  labels: Map<string, LabelRecord>
  rounds: Map<number, RoundRecord>
  queries: Map<string, QueryRecord>
  layers: Map<string, ImageLayers>
  checkpoint: { round: number; epoch: number; bytes: ArrayBuffer } | null
  run: RunRecord
  /** What people have labelled by hand. */
  people: Map<string, { classes: Uint8Array; provenance: Uint8Array }>
  /** Images of whose labels by hand some cannot be read. */
  damaged: Set<string>
}

export function emptyDisk(config: CpralConfig): Disk {
  const run: RunRecord = {
    id: 'run',
    projectId: 'project',
    createdAt: 0,
    config,
    status: 'ready',
    round: 0,
    stage: 'train',
    engine: null,
    failure: null,
  }
  const people: Disk['people'] = new Map()
  const [labels, rounds, queries, layers] = [new Map(), new Map(), new Map(), new Map()]
  return { labels, rounds, queries, layers, checkpoint: null, run, people, damaged: new Set() }
}

const RGB = Array.from({ length: TRAIN_IMAGES }, (_, order) => rgbOf(order))

/** `onWrite` is called before every write; throwing there is the kill. */
export function storeOn(disk: Disk, onWrite: () => void): RunStore {
  const write = async (change: () => void) => {
    onWrite()
    change()
  }
  const keyOf = (round: number, imageId: string) => `${round}/${imageId}`
  return {
    pool: images('train', TRAIN_IMAGES),
    validation: images('val', disk.run.config.annotator === 'person' ? 0 : 2),
    rgb: async (id) => RGB[orderOf(id)] as Uint8Array,
    batches: (request) =>
      batchesHere(request, {
        rgb: async (id) => RGB[orderOf(id)] as Uint8Array,
        labels: async (id) => structuredClone(disk.labels.get(id)),
      }),
    groundTruth: async (id) => truthOf(orderOf(id)),
    groundTruthOrNull: async (id) => (disk.run.config.annotator === 'person' ? null : truthOf(orderOf(id))),
    personLabels: async (id) => {
      const labels = disk.people.get(id)
      return labels ? { ...structuredClone(labels), isDamaged: disk.damaged.has(id) } : null
    },
    personImages: async () =>
      new Set([...disk.people].flatMap(([id, { provenance }]) => (countLabelled(provenance) > 0 ? [id] : []))),
    labels: async (id) => structuredClone(disk.labels.get(id)),
    labelledImages: async () => new Set(disk.labels.keys()),
    commitLabels: (records) =>
      write(() => {
        for (const record of records) disk.labels.set(record.imageId, structuredClone(record))
      }),
    removeLabels: (id) => write(() => disk.labels.delete(id)),
    round: async (index) => structuredClone(disk.rounds.get(index)),
    commitRun: (run) =>
      write(() => {
        disk.run = structuredClone(run)
      }),
    commitRound: (round, run) =>
      write(() => {
        disk.rounds.set(round.index, structuredClone(round))
        disk.run = structuredClone(run)
      }),
    commitAnswer: (round, run, id, labels) =>
      write(() => {
        disk.rounds.set(round.index, structuredClone(round))
        disk.run = structuredClone(run)
        if (labels) disk.labels.set(id, structuredClone(labels))
        else disk.labels.delete(id)
      }),
    queries: async (round) => structuredClone([...disk.queries.values()].filter((query) => query.round === round)),
    queriedImages: async (round) =>
      new Set([...disk.queries.values()].flatMap((query) => (query.round === round ? [query.imageId] : []))),
    query: async (round, id) => structuredClone(disk.queries.get(keyOf(round, id))),
    removeQueries: (round) =>
      write(() => {
        for (const [key, query] of disk.queries) if (query.round === round) disk.queries.delete(key)
      }),
    commitQuery: (query) => write(() => disk.queries.set(keyOf(query.round, query.imageId), structuredClone(query))),
    commitLayers: (layers) =>
      write(() => disk.layers.set(keyOf(layers.round, layers.imageId), structuredClone(layers))),
    layers: async (round, id) => structuredClone(disk.layers.get(keyOf(round, id))),
    loadCheckpoint: async () => structuredClone(disk.checkpoint),
    saveCheckpoint: (checkpoint) =>
      write(() => {
        disk.checkpoint = structuredClone(checkpoint)
      }),
  }
}

/** Runs that are killed again and again ask for the same scores. */
const knownScores = new Map<string, ClassScoreResult>()

/** The state is a hash of every label and epoch it was trained on; predictions are right more often than not. */
function hashLearner(config: CpralConfig): Learner {
  let state = config.seed
  const unit = (...words: number[]) => hashWords(state, ...words) / 4294967296
  const fingerprint = (rgb: Uint8Array) => hashWords(rgb[0] as number, rgb[100] as number, rgb[999] as number)
  const votes = ({ rgb, seed, vote }: Pick<QueryRequest, 'rgb' | 'seed' | 'vote'>) => {
    const [m, h, w] = [config.monteCarlo.passes, SIZE.height / 4, SIZE.width / 4]
    const stream = randomStream(state, 'test-logits', seed, fingerprint(rgb))
    const logits = Float32Array.from({ length: m * h * w * CLASSES }, () => stream.next())
    return voteEntropyReference(logits, [m, h, w, CLASSES], SIZE, vote)
  }
  const query = async (request: QueryRequest) => {
    const { labelled, attentionProfile, regionSide } = request
    const entropy = votes(request).map((value, i) => (labelled?.[i] ? 0 : value))
    const attention = gaussianAttentionReference(entropy, SIZE, attentionProfile)
    const candidates = regionCandidates(attention, labelled, SIZE, regionSide)
    const milliseconds = { entropy: 1, attention: 1 }
    return { candidates, entropy: quantize(entropy), attention: quantize(attention), milliseconds }
  }
  const classScores = async (request: ClassScoreRequest) => {
    const { rgb, labelled, ...rest } = request
    const key = JSON.stringify([state, rest, fingerprint(rgb), labelled && hashWords(...labelled)])
    const scores = knownScores.get(key) ?? scoreClasses(request)
    knownScores.set(key, scores)
    return structuredClone(scores)
  }
  const scoreClasses = (request: ClassScoreRequest): ClassScoreResult => {
    const { rgb, labelled, attentionProfile, regionSide, wantsRating, wantsMap } = request
    const [h, w] = [SIZE.height / 4, SIZE.width / 4]
    const stream = randomStream(state, 'test-plain-logits', fingerprint(rgb))
    const logits = Float32Array.from({ length: h * w * CLASSES }, () => 3 * stream.next())
    const { confidence, margin, entropy } = pixelStatisticsReference(logits, [1, h, w, CLASSES], SIZE)
    const whole = {
      votes: () => votes(request),
      margin: () => margin.map((value, i) => 1 - value / confidence[i]),
      entropy: () => entropy,
    }[request.uncertainty]()
    const map = whole.map((value, i) => (labelled?.[i] ? 0 : value))
    const values = classWindowsReference(
      logits,
      [h, w, CLASSES],
      map,
      SIZE,
      attentionProfile.map((value) => value / regionSide),
      windowStride(regionSide),
    )
    return {
      masses: values.slice(0, -CLASSES),
      classShares: values.slice(-CLASSES),
      rating: wantsRating ? unit(2, fingerprint(rgb)) : null,
      map: wantsMap ? quantize(map) : null,
    }
  }
  return {
    reset: () => {
      state = config.seed
    },
    trainEpoch: async ({ epoch, firstStep, steps, batch, onStep, signal }) => {
      let seen = 0
      for (let step = 1; step <= steps; step++) {
        signal.throwIfAborted()
        const { labels, weightSums, labelledPixels } = await batch(firstStep + step - 1)
        state = hashWords(state, epoch, ...labels, ...weightSums.map((sum) => Math.round(100 * sum)))
        seen += labelledPixels
        onStep(step)
      }
      return { loss: unit(1), labelledPixels: seen }
    },
    save: async () => Uint32Array.of(state).buffer,
    load: (bytes) => {
      state = new Uint32Array(bytes)[0] as number
    },
    prepareInference: () => {},
    statistics: async (rgb) => {
      const prediction = Uint8Array.from(
        { length: PIXELS },
        (_, i) => Math.floor((rgb[3 * i] as number) / 50 + (hash32(state ^ i) % 5 === 0 ? 1 : 0)) % CLASSES,
      )
      const values = Float32Array.from({ length: PIXELS }, (_, i) => hash32(state ^ (i + 7)) / 4294967296)
      return { prediction, confidence: values, margin: values, entropy: values }
    },
    rate: async (rgbs) => rgbs.map((rgb) => unit(2, fingerprint(rgb))),
    query,
    classScores,
    uncertainty: async (rgb, seed) => {
      const entropy = sumScore(votes({ rgb, seed, vote: 'soft' }))
      return { entropy, disagreement: entropy / 2 }
    },
    attendToPatches: async (request) => attendToPatches(request),
    trainAdversary: async ({ images, isLabelled, ratings, steps }) => ({
      scores: images.map((image, i) => unit(4, fingerprint(image), Number(isLabelled[i]), ratings?.[i] ?? 0)),
      steps,
      losses: { reconstruction: 1, divergence: 1, adversarial: 1, discriminator: 1 },
      accuracy: { labelled: 1, unlabelled: 1 },
      isCollapsed: false,
    }),
    features: async (rgb) => Float32Array.from({ length: 6 }, (_, i) => unit(3, i, fingerprint(rgb))),
    dispose: () => {},
  }
}

export const execute = (disk: Disk, onWrite: () => void = () => {}, store = storeOn(disk, onWrite)) =>
  runLoop({
    run: structuredClone(disk.run),
    classCount: CLASSES,
    store,
    learner: hashLearner(disk.run.config),
    onProgress: () => {},
    signal: new AbortController().signal,
  })

export async function finishedRun(method: MethodName): Promise<Disk> {
  const disk = emptyDisk(configOf(method))
  await execute(disk)
  expect(disk.run.status).toBe('done')
  return disk
}

export const roundsOf = ({ rounds }: Disk) => [...rounds.values()].sort((a, b) => a.index - b.index)
export const labelledPixels = (disk: Disk) => roundsOf(disk).map((round) => round.labelledPixels)

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** Everything but wall times; labels as text, which is compared a hundred times faster than arrays. */
export const outcome = (disk: Disk) => ({
  rounds: roundsOf(disk).map(({ seconds: _, ...round }) => round),
  labels: [...disk.labels.values()]
    .sort((a, b) => a.imageId.localeCompare(b.imageId))
    .map((record) => ({ ...record, classes: textOf(record.classes), provenance: textOf(record.provenance) })),
  checkpoint: disk.checkpoint,
})
