/** The training step of the same net as one writes it in tfjs: autodiff, softmax cross-entropy on one-hot labels, tf.train.momentum. */
import * as tf from '@tensorflow/tfjs'
import type { TrainingConfig } from '../../../../src/domain/config'
import type { Size } from '../../../../src/domain/size'
import { inputTensor } from '../../../../src/model/images'
import { buildNetwork, type Network } from '../../../../src/model/network'
import type { Program, Programs } from '../serve'
import {
  BATCH,
  CLASSES,
  configOf,
  PROOF_RATE,
  PROOF_SIZE,
  proofOf,
  publishedWeights,
  sampleImages,
  TRAINING_SIZE,
} from '../workload'
import { type StockDropout, type StockParameters, stockParameters, stockTrainingExecutor } from './executor'

const DROPOUT: StockDropout = { aspp: 0.5, decoderFirst: 0.5, decoderLast: 0.1 }

interface StockBatch {
  images: tf.Tensor4D
  /** One-hot [B, H, W, classes]. */
  targets: tf.Tensor4D
  /** [B H W], 0 where there is no label: tfjs's gradient takes every row of the targets to sum to one. */
  weights: tf.Tensor1D
  labelled: number[]
}

function stockBatch(size: Size): StockBatch {
  const samples = sampleImages(BATCH, size)
  const { height, width } = size
  return tf.tidy(() => ({
    images: tf.concat(samples.map(({ rgb }) => inputTensor(rgb, size))),
    targets: tf.stack(
      samples.map(({ classes }) => tf.oneHot(tf.tensor2d(Int32Array.from(classes), [height, width], 'int32'), CLASSES)),
    ) as tf.Tensor4D,
    weights: tf.concat(
      samples.map(({ classes }) => tf.tensor1d(Float32Array.from(classes, (id) => (id === 255 ? 0 : 1)))),
    ),
    labelled: samples.map(({ classes }) => classes.reduce((sum, id) => sum + (id === 255 ? 0 : 1), 0)),
  }))
}

/** The value, as a constant to the tape. */
const detached = tf.customGrad((x) => ({
  value: (x as tf.Tensor).clone(),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}))

/** Cross-entropy of each image summed over its labelled pixels: [B]. */
function lossSums(logits: tf.Tensor4D, { targets, weights }: StockBatch): tf.Tensor1D {
  const [, height, width] = targets.shape
  const resized = tf.image.resizeBilinear(logits, [height, width], true)
  const losses = tf.losses.softmaxCrossEntropy(
    tf.reshape(targets, [-1, CLASSES]),
    tf.reshape(resized, [-1, CLASSES]),
    weights,
    0,
    tf.Reduction.NONE,
  )
  return tf.sum(tf.reshape(losses, [BATCH, -1]), 1)
}

function ranking(network: Network, { values }: StockParameters, taps: tf.Tensor4D[], losses: tf.Tensor): tf.Tensor {
  const pooled = taps.map((tap) => tf.mean(tap, [1, 2]) as tf.Tensor2D)
  const ratings = network.ratingHead.forward((name) => values.get(name) as tf.Tensor, pooled)
  const half = BATCH / 2
  const difference = (x: tf.Tensor) => tf.sub(tf.slice(x, 0, half), tf.slice(tf.reverse(x, 0), 0, half))
  const sign = tf.sub(tf.mul(tf.step(difference(detached(losses))), 2), 1)
  return tf.mean(tf.relu(tf.sub(1, tf.mul(detached(sign), difference(ratings)))))
}

const RUNNING_MOMENTUM = 0.9

class StockTrainer {
  readonly parameters: StockParameters
  private readonly running = new Map<number, tf.Variable[]>()
  private readonly optimizers: { names: string[]; optimizer: tf.Optimizer }[]

  private readonly network: Network
  private readonly batch: StockBatch
  private readonly config: TrainingConfig

  constructor(size: Size, rate?: number) {
    const { network: layers, training } = configOf('light', { size })
    const network = buildNetwork(layers, CLASSES)
    this.network = network
    this.batch = stockBatch(size)
    this.config = training
    this.parameters = stockParameters(network, publishedWeights(network))
    const namesOf = (group: 'encoder' | 'head') =>
      this.parameters.specs.filter((spec) => spec.group === group).map(({ name }) => name)
    const { headLrFactor, momentum } = training
    const learningRate = rate ?? training.learningRate
    this.optimizers = [
      { names: namesOf('encoder'), optimizer: tf.train.momentum(learningRate, momentum) },
      { names: namesOf('head'), optimizer: tf.train.momentum(learningRate * headLrFactor, momentum) },
    ]
  }

  step(rates: StockDropout): tf.Scalar {
    const statistics: tf.Tensor[][] = []
    const { batch, network, parameters } = this
    const total = batch.labelled.reduce((sum, count) => sum + count, 0)
    const variables = [...parameters.values.values()]
    const { value, grads } = tf.variableGrads(() => {
      const executor = stockTrainingExecutor(parameters, rates, statistics)
      const { encoder, aspp, decoder } = network
      const { high, low, taps } = encoder.forward(executor, batch.images)
      const pyramid = aspp.forward(executor, high)
      const reduced = decoder.reduceLow(executor, low)
      const [, height, width] = reduced.shape
      const joined = tf.concat([tf.image.resizeBilinear(pyramid, [height, width], true), reduced], 3)
      const sums = lossSums(decoder.forward(executor, joined), batch)
      const segmentation = tf.div(tf.sum(sums), total)
      const rating = ranking(network, parameters, taps, tf.div(sums, tf.tensor1d(batch.labelled)))
      return tf.add(segmentation, tf.mul(rating, this.config.ratingWeight)) as tf.Scalar
    }, variables)
    this.applyGradients(grads)
    this.updateRunning(statistics)
    return value
  }

  private applyGradients(grads: tf.NamedTensorMap): void {
    tf.tidy(() => {
      for (const { names, optimizer } of this.optimizers) {
        const decayed: tf.NamedTensorMap = {}
        for (const name of names) {
          const variable = this.parameters.values.get(name) as tf.Variable
          decayed[variable.name] = tf.add(grads[variable.name], tf.mul(variable, this.config.weightDecay))
        }
        optimizer.applyGradients(decayed)
      }
    })
    tf.dispose(grads)
  }

  private updateRunning(statistics: tf.Tensor[][]): void {
    statistics.forEach((pair, i) => {
      const known = this.running.get(i) ?? pair.map((value) => tf.variable(tf.zerosLike(value)))
      this.running.set(i, known)
      tf.tidy(() => {
        pair.forEach((value, k) => {
          known[k].assign(tf.add(tf.mul(known[k], RUNNING_MOMENTUM), tf.mul(value, 1 - RUNNING_MOMENTUM)))
        })
      })
    })
    tf.dispose(statistics)
  }

  dispose(): void {
    tf.dispose([
      this.batch.images,
      this.batch.targets,
      this.batch.weights,
      ...this.parameters.values.values(),
      ...[...this.running.values()].flat(),
    ])
    for (const { optimizer } of this.optimizers) optimizer.dispose()
  }
}

function lightStep(): Program {
  const trainer = new StockTrainer(TRAINING_SIZE)
  return {
    run: () => trainer.step(DROPOUT).dispose(),
    fingerprint: async () => {
      const proof = new StockTrainer(PROOF_SIZE, PROOF_RATE)
      const proven = await proofOf(() => proof.step({}))
      proof.dispose()
      return proven
    },
    dispose: () => trainer.dispose(),
  }
}

export const stockTrainStepPrograms: Programs = { 'train-step': lightStep }
