/** The teacher's labels against the rule in plain loops, and the step that learns from them. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { goldenParameters } from '../../tests/support/golden-network'
import { CLASSES, CONFIG, goldenBatch, NETWORK, SIZE } from '../../tests/support/golden-training'
import { expectClose } from '../../tests/support/numbers'
import type { TrainingConfig } from '../domain/config'
import { pixelStatistics } from '../kernels/committee/pixel-statistics'
import { addLabels, teach } from './consistency'
import { foldParameters, inferenceExecutor } from './executors'
import type { Batch } from './images'
import { buildNetwork, forwardSegmentation } from './network'
import { disposeParameters, inferenceWeights, type Parameters } from './parameters'
import { trainStep } from './train-step'

const SURE = { ...CONFIG, consistencyWeight: 0.25, consistencyThreshold: 0.6 } as TrainingConfig
const SHAPE: [number, number, number] = [SIZE.batch, SIZE.height, SIZE.width]

interface Numbers {
  images: ArrayLike<number>
  labels: ArrayLike<number>
  weights: ArrayLike<number>
}

/** The rule. */
function taughtBy(
  { images, labels, weights }: Numbers,
  prediction: ArrayLike<number>,
  confidence: ArrayLike<number>,
  { consistencyWeight = 0, consistencyThreshold = 1 }: Partial<TrainingConfig>,
): { labels: Int32Array; weights: Float32Array } {
  const taught = { labels: Int32Array.from(labels), weights: Float32Array.from(weights) }
  for (let i = 0; i < labels.length; i++) {
    const isPadding = [0, 1, 2].every((channel) => images[3 * i + channel] === 0)
    if (labels[i] !== 255 || isPadding || confidence[i] < consistencyThreshold) continue
    taught.labels[i] = prediction[i]
    taught.weights[i] = consistencyWeight
  }
  return taught
}

async function readAll({ images, labels, weights }: Batch): Promise<Numbers> {
  return { images: await images.data(), labels: await labels.data(), weights: await weights.data() }
}

async function read({ labels, weights }: Pick<Batch, 'labels' | 'weights'>) {
  return { labels: [...(await labels.data())], weights: [...(await weights.data())] }
}

/** The golden batch, but nobody labelled the right half of the first image, nor anything of the last. */
async function sparseBatch(): Promise<Batch> {
  const whole = goldenBatch()
  const { labels, weights } = await read(whole)
  const [, height, width] = SHAPE
  const isLeft = (i: number) => (i % width < width / 2 && i < height * width) || i >= height * width
  const isKept = labels.map((label, i) => label !== 255 && isLeft(i) && i < 3 * height * width)
  tf.dispose([whole.labels, whole.weights])
  const sparse = weights.map((weight, i) => (isKept[i] ? weight : 0))
  return {
    images: whole.images,
    labels: tf.tensor3d(
      labels.map((label, i) => (isKept[i] ? label : 255)),
      SHAPE,
      'int32',
    ),
    weights: tf.tensor3d(sparse, SHAPE),
    weightSums: [0, 1, 2, 3].map((n) => sum(sparse.slice(n * height * width, (n + 1) * height * width))),
  }
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0)

const disposeBatch = (batch: Batch) => tf.dispose([batch.images, batch.labels, batch.weights])

/** What the teacher sees, read from the device. */
async function viewOf(parameters: Parameters, batch: Batch) {
  const network = buildNetwork(NETWORK, CLASSES)
  const folded = foldParameters(network, inferenceWeights(parameters))
  const { prediction, confidence, margin, entropy } = tf.tidy(() => {
    const { logits } = forwardSegmentation(network, inferenceExecutor(folded), batch.images)
    return { ...pixelStatistics(logits, { height: SIZE.height, width: SIZE.width }) }
  })
  const view = { prediction: await prediction.data(), confidence: await confidence.data() }
  tf.dispose([prediction, confidence, margin, entropy])
  folded.dispose()
  return view
}

describeEngines('a teacher', () => {
  test('labels what nobody labelled where it is sure, and nothing else', async () => {
    const labels = [255, 255, 255, 255, 2, 2, 255, 255, 0]
    const weights = [0, 0, 0, 0, 1, 0.5, 0, 0, 2]
    const prediction = [1, 2, 3, 4, 4, 4, 4, 0, 4]
    const confidence = [0.75, 0.749, 1, 0, 1, 0.2, 1, 0.8, 0.75]
    // The seventh is padding.
    const images = labels.flatMap((_, i) => (i === 6 ? [0, 0, 0] : [0, 0, i % 2 === 0 ? 1e-3 : -1]))
    const rule = { consistencyWeight: 0.5, consistencyThreshold: 0.75 } as TrainingConfig
    const cube = (values: number[], dtype?: 'int32') => tf.tensor3d(values, [1, 3, 3], dtype)
    const given = { images: tf.tensor4d(images, [1, 3, 3, 3]), labels: cube(labels, 'int32'), weights: cube(weights) }
    const view = { prediction: cube(prediction, 'int32'), confidence: cube(confidence) }
    const taught = addLabels(given, view, rule)
    const got = await read(taught)
    const want = taughtBy({ images, labels, weights }, prediction, confidence, rule)
    expect(got).toEqual({ labels: [...want.labels], weights: [...want.weights] })
    expect(got).toEqual({ labels: [1, 255, 3, 255, 2, 2, 255, 0, 0], weights: [0.5, 0, 0.5, 0, 1, 0.5, 0, 0.5, 2] })
    expect((await taught.totalWeight.data())[0]).toBe(5)
    tf.dispose([given, view.prediction, view.confidence, { ...taught }])
  })

  test('that is sure of nothing changes nothing, and the divisor is never below 1', async () => {
    const [labels, weights] = [tf.fill([1, 2, 2], 255, 'int32'), tf.zeros([1, 2, 2])] as tf.Tensor3D[]
    const images = tf.ones([1, 2, 2, 3]) as tf.Tensor4D
    const view = {
      prediction: tf.zeros([1, 2, 2], 'int32') as tf.Tensor3D,
      confidence: tf.fill([1, 2, 2], 0.5) as tf.Tensor3D,
    }
    const taught = addLabels({ images, labels, weights }, view, SURE)
    expect(await read(taught)).toEqual({ labels: [255, 255, 255, 255], weights: [0, 0, 0, 0] })
    expect((await taught.totalWeight.data())[0]).toBe(1)
    tf.dispose([images, labels, weights, view.prediction, view.confidence, { ...taught }])
  })

  test('is the averaged network, with its running statistics', async () => {
    const network = buildNetwork(NETWORK, CLASSES)
    const parameters = goldenParameters(network, { running: true, averaging: 0.5 })
    const batch = await sparseBatch()
    const step = { config: CONFIG, learningRate: 0.01, dropout: { layers: [], seed: 1, firstPass: 0 } } as const
    for (const roundStep of [0, 1]) {
      trainStep(network, parameters, batch, {
        ...step,
        roundStep,
        areTapsDetached: true,
        ratingLoss: 'margin',
      }).dispose()
    }
    const before = tf.memory().numTensors
    const { prediction, confidence } = await viewOf(parameters, batch)
    const taught = teach(network, inferenceWeights(parameters), batch, SURE)
    const want = taughtBy(await readAll(batch), prediction, confidence, SURE)
    const got = await read(taught)
    expect(got.labels).toEqual([...want.labels])
    expect(got.weights).toEqual([...want.weights])
    const added = want.weights.filter((weight) => weight === 0.25).length
    expect(added).toBeGreaterThan(100)
    expect(want.labels.filter((label) => label === 255).length).toBeGreaterThan(100)
    expectClose(await taught.totalWeight.data(), [sum(want.weights)], { relative: 1e-6 })
    tf.dispose({ ...taught })
    expect(tf.memory().numTensors).toBe(before)
    disposeParameters(parameters)
    disposeBatch(batch)
  })

  test.each([true, false])(
    'teaches a step as if its labels had been given, taps detached: %s',
    async (areTapsDetached) => {
      const network = buildNetwork(NETWORK, CLASSES)
      const batch = await sparseBatch()
      const learn = async (given: Batch, config: TrainingConfig) => {
        const parameters = goldenParameters(network, { running: true, averaging: 0.99 })
        const view = await viewOf(parameters, batch)
        const before = tf.memory().numTensors
        const loss = trainStep(network, parameters, given, {
          config: { ...config, ratingWeight: 0 },
          learningRate: 0.01,
          roundStep: 0,
          dropout: { layers: ['aspp'], seed: 1, firstPass: 0 },
          areTapsDetached,
          ratingLoss: 'margin',
        })
        const [value] = await loss.data()
        loss.dispose()
        // The table of learning rates is new.
        expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2)
        disposeParameters(parameters)
        return { value, view }
      }
      const taught = await learn(batch, SURE)
      const want = taughtBy(await readAll(batch), taught.view.prediction, taught.view.confidence, SURE)
      const pixels = SIZE.height * SIZE.width
      const byHand: Batch = {
        images: batch.images,
        labels: tf.tensor3d(want.labels, SHAPE, 'int32'),
        weights: tf.tensor3d(want.weights, SHAPE),
        weightSums: [0, 1, 2, 3].map((n) => sum(want.weights.subarray(n * pixels, (n + 1) * pixels))),
      }
      expect(taught.value).toBeCloseTo((await learn(byHand, CONFIG)).value, 5)
      const alone = await learn(batch, CONFIG)
      expect(Math.abs(alone.value - taught.value)).toBeGreaterThan(1e-3)
      const off = await learn(batch, { ...CONFIG, consistencyWeight: 0 })
      expect(off.value).toBe(alone.value)
      tf.dispose([byHand.labels, byHand.weights])
      disposeBatch(batch)
    },
  )
})
