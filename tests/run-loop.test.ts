/**
 * The whole loop in Node: the paper's stages and the kernels' references over a small synthetic pool, storage in a Map,
 * and a learner whose "network" is a number. Judges the loop's bookkeeping; what a network learns is judged elsewhere.
 */

import { describe, expect, it } from 'vitest'
import { sumScore } from '../src/cpral/image-scores'
import { defaultConfig } from '../src/cpral/presets'
import { regionCandidates } from '../src/cpral/region-selection'
import type { CpralConfig, MethodName } from '../src/domain/config'
import { countLabelled, emptyLabels, isLabelled, type LabelRecord, PROVENANCE } from '../src/domain/labels'
import type { ImageLayers, QueryRecord, RoundRecord } from '../src/domain/round'
import type { RunRecord } from '../src/domain/run'
import { gaussianAttentionReference } from '../src/kernels/attention/gaussian-attention.reference'
import { voteEntropyReference } from '../src/kernels/committee/vote-entropy.reference'
import type { Learner, QueryRequest } from '../src/loop/learner'
import { runLoop } from '../src/loop/run-loop'
import type { PoolImage, RunStore } from '../src/loop/run-store'
import { attendToPatches } from '../src/math/patch-attention'
import { quantize } from '../src/math/quantize'
import { hash32, hashWords, randomStream } from '../src/math/random'

const SIZE = { height: 32, width: 48 }
const PIXELS = SIZE.height * SIZE.width
const CLASSES = 4
const TRAIN_IMAGES = 20

function configOf(method: MethodName): CpralConfig {
  return defaultConfig({ format: 'generic', source: 'folder', trainImages: TRAIN_IMAGES, imageSize: SIZE }, 'tiny', {
    seed: 11,
    training: { epochs: 3 },
    monteCarlo: { passes: 5 },
    selection: { method, initialImages: 2, panopticSize: 5, budgetImages: 2, rounds: 4, regionSide: 8 },
    extension: { longSide: 48, patch: 4, stride: 4 },
  })
}

/** Stripes of the four classes, each with its colour; the last rows are void. */
function truthOf(order: number): Uint8Array {
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

const images = (split: string, count: number): PoolImage[] =>
  Array.from({ length: count }, (_, order) => ({ id: `${split}-${order}`, name: `${split}/${order}`, order }))
const orderOf = (imageId: string) => Number(imageId.split('-')[1])

/** What survives a killed tab. */
interface Disk {
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

function emptyDisk(config: CpralConfig): Disk {
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
function storeOn(disk: Disk, onWrite: () => void): RunStore {
  const write = async (change: () => void) => {
    onWrite()
    change()
  }
  const keyOf = (round: number, imageId: string) => `${round}/${imageId}`
  return {
    pool: images('train', TRAIN_IMAGES),
    validation: images('val', disk.run.config.annotator === 'person' ? 0 : 2),
    rgb: async (id) => RGB[orderOf(id)] as Uint8Array,
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
    queries: async (round) => structuredClone([...disk.queries.values()].filter((query) => query.round === round)),
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
  return {
    reset: () => {
      state = config.seed
    },
    trainEpoch: async ({ epoch, imageIds, steps, sample, onStep, signal }) => {
      for (const id of imageIds) {
        signal.throwIfAborted()
        const { classes, provenance } = await sample(id)
        state = hashWords(state, epoch, ...classes.subarray(0, 200), ...provenance.subarray(0, 200))
      }
      for (let step = 1; step <= steps; step++) onStep(step)
      return { loss: unit(1) }
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

const execute = (disk: Disk, onWrite: () => void = () => {}, store = storeOn(disk, onWrite)) =>
  runLoop({
    run: structuredClone(disk.run),
    classCount: CLASSES,
    store,
    learner: hashLearner(disk.run.config),
    onProgress: () => {},
    signal: new AbortController().signal,
  })

async function finishedRun(method: MethodName): Promise<Disk> {
  const disk = emptyDisk(configOf(method))
  await execute(disk)
  expect(disk.run.status).toBe('done')
  return disk
}

const roundsOf = ({ rounds }: Disk) => [...rounds.values()].sort((a, b) => a.index - b.index)
const labelledPixels = (disk: Disk) => roundsOf(disk).map((round) => round.labelledPixels)

describe('share labelled', () => {
  it.each(['cpral', 'cpral-without-attention', 'random-r', 'entropy-r'] as const)(
    '%s: two image areas a round, to the pixel',
    async (method) => {
      // 2 * 32 * 48 / 8^2 = 48 regions, a whole number.
      expect(labelledPixels(await finishedRun(method))).toEqual([2, 4, 6, 8].map((areas) => areas * PIXELS))
    },
  )

  it.each(['random', 'rating', 'margin', 'core-set', 'mc-dropout'] as const)(
    '%s: two whole images a round',
    async (method) => {
      const disk = await finishedRun(method)
      expect(labelledPixels(disk)).toEqual([2, 4, 6, 8].map((areas) => areas * PIXELS))
      expect(roundsOf(disk).map(({ trainImages }) => trainImages.length)).toEqual([2, 4, 6, 8])
    },
  )

  it.each(['random-regions', 'region-only', 'class-aware-regions'] as const)(
    '%s: within half a region, from partly labelled images too',
    async (method) => {
      const disk = await finishedRun(method)
      const pixels = labelledPixels(disk)
      for (let i = 1; i < pixels.length; i++) {
        const added = (pixels[i] as number) - (pixels[i - 1] as number)
        expect(Math.abs(added - 2 * PIXELS)).toBeLessThanOrEqual(8 * 8)
      }
    },
  )
})

it.each(['region-only', 'random-regions', 'class-aware-regions'] as const)(
  '%s asks of no image that is wholly labelled',
  async (method) => {
    const disk = emptyDisk(configOf(method))
    const store = storeOn(disk, () => {})
    const asked: string[] = []
    const commitQuery = async (query: QueryRecord) => {
      const labels = disk.labels.get(query.imageId)
      if (labels && countLabelled(labels.provenance) === PIXELS) asked.push(query.imageId)
      await store.commitQuery(query)
    }
    await execute(disk, () => {}, { ...store, commitQuery })
    expect(asked).toEqual([])
    // The two images of the initial pool.
    expect(roundsOf(disk)[0].subset).toHaveLength(TRAIN_IMAGES - 2)
  },
)

describe('what there was to choose from', () => {
  it('is counted: candidates of the subset, and those that the budget took', async () => {
    const disk = await finishedRun('cpral')
    for (const { index, candidates, regions, subset } of roundsOf(disk)) {
      if (index === 4) {
        expect(candidates).toBeUndefined()
        continue
      }
      const ids = new Set(subset.map(({ imageId }) => imageId))
      const queries = [...disk.queries.values()].filter(({ round, imageId }) => round === index && ids.has(imageId))
      const found = queries.reduce((sum, query) => sum + (query.candidates?.length ?? 0), 0)
      expect(candidates).toEqual({ found, taken: regions.length })
      expect(found).toBeGreaterThan(regions.length)
    }
  })

  it.each(['cpral', 'random'] as const)(
    '%s: a budget that cannot be spent is noted where it happens',
    async (method) => {
      const config = configOf(method)
      // 20 images, 2 of them initial: after two rounds of 8 areas there is nothing left.
      const selection = { ...config.selection, panopticSize: 9, budgetImages: 8 }
      const disk = emptyDisk({ ...config, selection })
      await execute(disk)
      const rounds = roundsOf(disk)
      const budget = 8 * PIXELS
      rounds.slice(0, -1).forEach(({ labelledPixels, unspentPixels = 0 }, i) => {
        const added = (rounds[i + 1] as RoundRecord).labelledPixels - labelledPixels
        expect(unspentPixels).toBe(budget - added)
      })
      expect(rounds[2].unspentPixels).toBeGreaterThan(0)
      expect(rounds[3].unspentPixels).toBeUndefined()
      const spent = roundsOf(await finishedRun(method))
      expect(spent.map(({ unspentPixels }) => unspentPixels)).toEqual([undefined, undefined, undefined, undefined])
    },
  )
})

it('leaves rounds unmeasured where no validation pixel has a class', async () => {
  const disk = emptyDisk(configOf('random'))
  const store = storeOn(disk, () => {})
  const truth = async (id: string) => (id.startsWith('val') ? new Uint8Array(PIXELS).fill(255) : store.groundTruth(id))
  await execute(disk, () => {}, { ...store, groundTruth: truth })
  expect(roundsOf(disk).map(({ evaluation }) => evaluation)).toEqual([null, null, null, null])
  const measured = roundsOf(await finishedRun('random'))
  for (const { evaluation } of measured) expect(evaluation?.mIoU).toBeGreaterThan(0)
})

describe('a round of CPRAL', () => {
  it('takes regions from the highest rated images of U only, and they do not overlap', async () => {
    const disk = await finishedRun('cpral')
    for (const { subset, regions, trainImages, isComplete, index } of roundsOf(disk)) {
      expect(isComplete).toBe(true)
      if (index === 4) {
        expect([subset, regions]).toEqual([[], []])
        continue
      }
      expect(subset).toHaveLength(5)
      expect(subset.map(({ score }) => score)).toEqual(subset.map(({ score }) => score).sort((a, b) => b - a))
      const subsetIds = new Set(subset.map(({ imageId }) => imageId))
      for (const { imageId } of regions) expect(subsetIds.has(imageId) && !trainImages.includes(imageId)).toBe(true)
      const covered = new Set(
        regions.flatMap(({ imageId, x, y }) =>
          Array.from({ length: 64 }, (_, i) => `${imageId} ${x + (i % 8)} ${y + (i >> 3)}`),
        ),
      )
      expect(covered.size).toBe(regions.length * 64)
    }
  })

  it('labels with the ground truth, extends with provenance, and leaves U alone', async () => {
    const disk = await finishedRun('cpral')
    let extended = 0
    for (const { imageId, classes, provenance } of disk.labels.values()) {
      const truth = truthOf(orderOf(imageId))
      for (let i = 0; i < PIXELS; i++) {
        if (provenance[i] === PROVENANCE.oracle) expect(classes[i]).toBe(truth[i])
        if (provenance[i] === PROVENANCE.none) expect(classes[i]).toBe(255)
        if (provenance[i] === PROVENANCE.extended) extended++
      }
    }
    const added = roundsOf(disk).reduce((total, { extension }) => total + (extension?.addedPixels ?? 0), 0)
    expect(extended).toBeGreaterThan(0)
    expect(added).toBe(extended)
  })
})

describe('class shares bought', () => {
  it.each(['cpral', 'random-regions', 'region-only', 'random'] as const)(
    '%s: every pixel counts once, in the round that labelled it',
    async (method) => {
      const disk = await finishedRun(method)
      const isBought = new Map(images('train', TRAIN_IMAGES).map(({ id }) => [id, new Uint8Array(PIXELS)]))
      for (const imageId of roundsOf(disk)[0].trainImages) isBought.get(imageId)?.fill(1)
      for (const { regions, selectedClassPixels, index } of roundsOf(disk)) {
        const expected = new Array<number>(CLASSES).fill(0)
        for (const { imageId, x, y, width, height } of regions) {
          const bought = isBought.get(imageId) ?? new Uint8Array()
          for (let i = 0; i < width * height; i++) {
            const at = (y + Math.floor(i / width)) * SIZE.width + x + (i % width)
            const id = truthOf(orderOf(imageId))[at]
            if (bought[at] === 0 && id !== 255) expected[id]++
            bought[at] = 1
          }
        }
        expect(selectedClassPixels, `round ${index}`).toEqual(index === 4 ? [] : expected)
      }
    },
  )
})

/** Everything but wall times. */
const outcome = (disk: Disk) => ({
  rounds: roundsOf(disk).map(({ seconds: _, ...round }) => round),
  labels: [...disk.labels].sort(([a], [b]) => a.localeCompare(b)),
  checkpoint: disk.checkpoint,
})

describe('a run that a person answers', () => {
  const personDisk = () => emptyDisk({ ...configOf('cpral'), annotator: 'person' })
  /** Labels regions as the ground truth has them. */
  const label = (disk: Disk, imageId: string, areas: { x: number; y: number; width: number; height: number }[]) => {
    const empty = { classes: new Uint8Array(PIXELS).fill(255), provenance: new Uint8Array(PIXELS) }
    const { classes, provenance } = disk.people.get(imageId) ?? empty
    for (const { x, y, width, height } of areas) {
      for (let i = 0; i < width * height; i++) {
        const at = (y + Math.floor(i / width)) * SIZE.width + x + (i % width)
        classes[at] = truthOf(orderOf(imageId))[at]
        provenance[at] = PROVENANCE.human
      }
    }
    disk.people.set(imageId, { classes, provenance })
  }
  const answer = (disk: Disk) => {
    const { regions } = roundsOf(disk).at(-1) ?? { regions: [] }
    for (const region of regions) label(disk, region.imageId, [region])
  }
  const begin = (disk: Disk) => {
    label(disk, 'train-3', [{ x: 0, y: 0, ...SIZE }])
    label(disk, 'train-8', [{ x: 4, y: 4, width: 20, height: 20 }])
  }

  it('waits for the first labels, then for each round its regions, without ground truth', async () => {
    const disk = personDisk()
    await execute(disk)
    expect([disk.run.status, disk.run.round, disk.rounds.size]).toEqual(['waiting', 0, 0])
    begin(disk)
    for (let round = 1; round < 4; round++) {
      await execute(disk)
      expect([disk.run.status, disk.run.round, disk.run.stage]).toEqual(['waiting', round, 'annotate'])
      const asked = roundsOf(disk).at(-1)
      expect(asked?.regions).toHaveLength(48)
      expect(asked?.evaluation).toBeNull()
      for (const { imageId } of asked?.regions ?? []) {
        expect(disk.layers.get(`${round}/${imageId}`)?.prediction).toHaveLength(PIXELS)
      }
      // Regions are chosen where the committee is less sure than on the whole.
      expect(asked?.entropyShare?.chosen).toBeGreaterThan(asked?.entropyShare?.subset ?? Number.POSITIVE_INFINITY)
      answer(disk)
    }
    await execute(disk)
    expect(disk.run.status).toBe('done')
    expect(labelledPixels(disk)).toEqual([0, 1, 2, 3].map((k) => PIXELS + 400 + k * 2 * PIXELS))
    for (const { index, answer: given, extension } of roundsOf(disk).slice(0, 3)) {
      expect(given?.newPixels).toBe(2 * PIXELS)
      const images = new Set(disk.rounds.get(index)?.regions.map(({ imageId }) => imageId))
      expect(new Set(given?.images)).toEqual(images)
      expect(extension?.addedPixels).toBeGreaterThan(0)
      expect(extension?.judgedPixels).toBe(0)
    }
  })

  it('counts on how many new pixels the network had agreed, void left out', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    answer(disk)
    const { regions } = roundsOf(disk)[0]
    const layers = new Map([...disk.layers.values()].map((entry) => [entry.imageId, entry.prediction]))
    let [judged, agreeing] = [0, 0]
    for (const { imageId, x, y, width, height } of regions) {
      for (let i = 0; i < width * height; i++) {
        const at = (y + Math.floor(i / width)) * SIZE.width + x + (i % width)
        const truth = truthOf(orderOf(imageId))[at]
        if (truth === 255) continue
        judged++
        if (layers.get(imageId)?.[at] === truth) agreeing++
      }
    }
    // Somebody accepts, in one of the regions, what the network suggests where it is right.
    let accepted = 0
    const [{ imageId, x, y }] = regions
    const labels = disk.people.get(imageId)
    for (let i = y * SIZE.width + x; labels && i < y * SIZE.width + x + 8; i++) {
      if (labels.classes[i] === 255 || layers.get(imageId)?.[i] !== labels.classes[i]) continue
      labels.provenance[i] = PROVENANCE.accepted
      accepted++
    }
    expect(accepted).toBeGreaterThan(0)
    await execute(disk)
    expect(roundsOf(disk)[0].answer).toMatchObject({
      judgedPixels: judged,
      agreeingPixels: agreeing,
      byHand: { judgedPixels: judged - accepted, agreeingPixels: agreeing - accepted },
    })
    expect(agreeing).toBeGreaterThan(0)
    expect(agreeing).toBeLessThan(judged)
  })

  it('names the images of which it could not read all labels, and goes on', async () => {
    const disk = personDisk()
    begin(disk)
    disk.damaged.add('train-8')
    await execute(disk)
    expect([disk.run.status, disk.run.damagedLabels]).toEqual(['waiting', ['train/8']])
    answer(disk)
    // Mended since, which does not bring back what was lost; another one is damaged.
    disk.damaged = new Set(['train-3'])
    await execute(disk)
    expect([disk.run.round, disk.run.damagedLabels]).toEqual([2, ['train/8', 'train/3']])
    expect(disk.labels.get('train-8')).not.toHaveProperty('isDamaged')
  })

  it('says nothing of damage where there is none', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    expect(disk.run).not.toHaveProperty('damagedLabels')
  })

  it('takes corrections of older labels, and never what extension added for a label', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    answer(disk)
    const corrected = disk.people.get('train-3')
    corrected?.classes.fill(2, 0, 10)
    await execute(disk)
    expect([...(disk.labels.get('train-3')?.classes.subarray(0, 10) ?? [])]).toEqual(Array(10).fill(2))
    expect(roundsOf(disk)[0].answer?.images).toContain('train-3')
    for (const [imageId, { classes, provenance }] of disk.labels) {
      for (let i = 0; i < PIXELS; i++) {
        const given = disk.people.get(imageId)
        const isGiven = given?.provenance[i] === PROVENANCE.human
        expect(provenance[i] === PROVENANCE.human).toBe(isGiven)
        if (isGiven) expect(classes[i]).toBe(given.classes[i])
      }
    }
  })

  it('takes an image out of D whose labels were all taken back, whatever was refused there', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    expect(roundsOf(disk)[0].trainImages).toEqual(['train-3', 'train-8'])
    answer(disk)
    const taken = disk.people.get('train-8')
    taken?.classes.fill(255)
    taken?.provenance.fill(PROVENANCE.none).fill(PROVENANCE.rejected, 0, 50)
    await execute(disk)
    const [first, second] = roundsOf(disk)
    expect(first.answer?.images).toContain('train-8')
    expect(second.trainImages).toContain('train-3')
    expect(second.trainImages).not.toContain('train-8')
    expect(second.labelledPixels).toBe(PIXELS + 2 * PIXELS)
  })

  it('keeps what was refused beside labels: extension leaves it alone, and it pays for nothing', async () => {
    const disk = personDisk()
    begin(disk)
    const refusing = disk.people.get('train-8') ?? emptyLabels(SIZE)
    const refused = Array.from({ length: 300 }, (_, i) => i).filter((i) => !isLabelled(refusing.provenance[i]))
    for (const i of refused) refusing.provenance[i] = PROVENANCE.rejected
    await execute(disk)
    expect(roundsOf(disk)[0].labelledPixels).toBe(PIXELS + 400)
    answer(disk)
    // What extension is to spread from: a change in the image.
    label(disk, 'train-8', [{ x: 24, y: 4, width: 2, height: 20 }])
    await execute(disk)
    const { classes, provenance } = disk.labels.get('train-8') ?? emptyLabels(SIZE)
    expect(countLabelled(provenance)).toBeGreaterThanOrEqual(440)
    for (const i of refused) {
      if (isLabelled(provenance[i])) continue
      expect([classes[i], provenance[i]]).toEqual([255, PROVENANCE.rejected])
    }
  })

  it('ends the same when it is killed anywhere', async () => {
    const live = async (onWrite: () => void, tries: number) => {
      const disk = personDisk()
      begin(disk)
      let kills = 0
      while (disk.run.status !== 'done') {
        if (disk.run.status === 'waiting') answer(disk)
        await execute(disk, onWrite).catch((error: Error) => expect(error.message).toBe('killed'))
        expect(++kills).toBeLessThan(tries)
      }
      return disk
    }
    const whole = await live(() => {}, 6)
    let left = 11
    let life = 0
    const killed = await live(() => {
      if (left-- > 0) return
      left = 9 + ((++life * 7) % 23)
      throw new Error('killed')
    }, 100)
    expect(life).toBeGreaterThan(5)
    expect(outcome(killed)).toEqual(outcome(whole))
  }, 30_000)
})

describe('a killed run', () => {
  it('ends as if nothing had happened, wherever it was killed', async () => {
    const whole = emptyDisk(configOf('cpral'))
    let writes = 0
    await execute(whole, () => writes++)
    expect(writes).toBeGreaterThan(100)
    const disk = emptyDisk(configOf('cpral'))
    let kills = 0
    while (disk.run.status !== 'done') {
      // Each life lasts a few writes longer than what it may have to repeat, and ends at another place.
      let left = 9 + ((kills * 7) % 23)
      const life = execute(disk, () => {
        if (left-- === 0) throw new Error('killed')
      })
      await life.catch((error: Error) => expect(error.message).toBe('killed'))
      kills++
      expect(kills).toBeLessThan(100)
    }
    expect(kills).toBeGreaterThan(5)
    expect(outcome(disk)).toEqual(outcome(whole))
  })

  it.each(['random', 'random-regions'] as const)(
    '%s: ends the same when it is killed once, at any single write',
    async (method) => {
      const config = configOf(method)
      config.selection.rounds = 2
      const whole = emptyDisk(config)
      let writes = 0
      await execute(whole, () => writes++)
      for (let killAt = 0; killAt < writes; killAt++) {
        const disk = emptyDisk(config)
        let write = 0
        const life = execute(disk, () => {
          if (write++ === killAt) throw new Error('killed')
        })
        await expect(life).rejects.toThrow('killed')
        await execute(disk)
        expect(outcome(disk), `killed at write ${killAt}`).toEqual(outcome(whole))
      }
    },
    30_000,
  )

  it('goes on from attention, where versions of it as a stage may have left a run', async () => {
    const whole = await finishedRun('cpral')
    const disk = emptyDisk(configOf('cpral'))
    const life = execute(disk, () => {
      if (disk.run.round === 2 && disk.run.stage === 'select') throw new Error('killed')
    })
    await expect(life).rejects.toThrow('killed')
    disk.run.stage = 'attend'
    const queries = disk.queries.size
    await execute(disk)
    expect(queries).toBeGreaterThan(0)
    expect(outcome(disk)).toEqual(outcome(whole))
  })

  it('same seed, same run; another seed, another run', async () => {
    const [first, second] = [await finishedRun('cpral'), await finishedRun('cpral')]
    expect(outcome(second)).toEqual(outcome(first))
    const other = emptyDisk({ ...configOf('cpral'), seed: 12 })
    await execute(other)
    expect(outcome(other).rounds[0]?.trainImages).not.toEqual(outcome(first).rounds[0]?.trainImages)
  })
})
