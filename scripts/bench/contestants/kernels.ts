/** One operation at a time, at the shapes that a `light` net meets in a step of 4x128x256 or in a query of 180x240. */
import * as tf from '@tensorflow/tfjs-core'
import { attentionProfile } from '../../../src/cpral/gaussian-attention'
import { pattern } from '../../../tests/support/numbers'
import type { Program, Programs } from './serve'
import { CLASSES, QUERY_SIZE, TRAINING_SIZE } from './workload'

export interface Geometry {
  stride: number
  padding: number
  dilation: number
}

/** What a contestant has to offer. Every function but `sgd` and the last three is differentiable. */
export interface Operations {
  conv2d(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: Geometry): tf.Tensor4D
  depthwiseConv2d(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: Geometry): tf.Tensor4D
  /** With the batch's statistics, and ReLU6 behind it. */
  batchNormRelu6(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D): tf.Tensor4D
  /** At a rate of 0.5. */
  dropout(x: tf.Tensor4D): tf.Tensor4D
  upsample(x: tf.Tensor4D, size: { height: number; width: number }): tf.Tensor4D
  /** Cross-entropy at the labels' size, summed, of logits that are smaller. */
  crossEntropy(logits: tf.Tensor4D): tf.Scalar
  /** One step of SGD with momentum and weight decay, in place. */
  sgd(parameter: tf.Variable<tf.Rank.R1>, gradient: tf.Tensor1D): void
  /** Entropy of hard votes [height, width] of passes [m, h, w, C]. */
  voteEntropy(logits: tf.Tensor4D, size: { height: number; width: number }): tf.Tensor2D
  /** The map convolved with profile^T profile: its first `rows` rows or more. */
  attention(map: tf.Tensor2D, profile: Float32Array, rows: number): tf.Tensor2D
}

/** Rows that stock tfjs makes of the attention map; for all 512 it takes more than ten minutes on a software adapter. */
const ATTENTION_ROWS = 16

/** Labels of the loss: every class, some pixels without one. */
export function lossLabels(): Int32Array {
  const { height, width } = TRAINING_SIZE
  return Int32Array.from({ length: 4 * height * width }, (_, i) => (i % 13 === 12 ? 255 : (i * 7) % CLASSES))
}

function filled(shape: number[], phase: number): tf.Tensor {
  return tf.tensor(
    pattern(
      shape.reduce((product, extent) => product * extent, 1),
      phase,
    ),
    shape,
  )
}

type Compute = (...inputs: never[]) => tf.Tensor

/** Mean magnitude and the first values of every result. */
async function summary(results: tf.Tensor[]): Promise<number[]> {
  const parts = tf.tidy(() =>
    tf.concat(
      results.flatMap((y) => [
        tf.reshape(tf.mean(tf.abs(y)), [1]),
        tf.slice(tf.reshape(y, [-1]), 0, Math.min(4, y.size)),
      ]),
    ),
  )
  const values = [...(await parts.data())]
  tf.dispose([parts, ...results])
  return values
}

/** `isRandom`: its numbers are the contestant's own. */
function operation(shapes: number[][], compute: Compute, isRandom = false): Program {
  const inputs = shapes.map((shape, i) => filled(shape, i))
  const run = () => tf.tidy(() => (compute as (...values: tf.Tensor[]) => tf.Tensor)(...inputs))
  return {
    run: () => run().dispose(),
    ...(isRandom ? {} : { fingerprint: () => summary([run()]) }),
    dispose: () => tf.dispose(inputs),
  }
}

/** Forward pass and gradients by every input, of the sum of what comes out weighted with a pattern. */
function gradients(shapes: number[][], compute: Compute): Program {
  const inputs = shapes.map((shape, i) => filled(shape, i))
  const forward = compute as (...values: tf.Tensor[]) => tf.Tensor
  const dy = tf.tidy(() => filled(forward(...inputs).shape, 17))
  const run = () => tf.tidy(() => tf.grads(forward)(inputs, dy))
  return {
    run: () => tf.dispose(run()),
    fingerprint: () => summary(run()),
    dispose: () => tf.dispose([...inputs, dy]),
  }
}

const PLAIN: Geometry = { stride: 1, padding: 0, dilation: 1 }
const SAME: Geometry = { stride: 1, padding: 1, dilation: 1 }
const dilatedBy = (dilation: number): Geometry => ({ stride: 1, padding: dilation, dilation })

function sgdProgram(operations: Operations): Program {
  const parameter = tf.variable(filled([1 << 20], 0) as tf.Tensor1D)
  const gradient = filled([1 << 20], 1) as tf.Tensor1D
  const run = () => operations.sgd(parameter, gradient)
  return {
    run,
    fingerprint: async () => {
      run()
      run()
      return summary([parameter.clone()])
    },
    dispose: () => tf.dispose([parameter, gradient]),
  }
}

function attentionProgram({ attention }: Operations): Program {
  const map = filled([512, 1024], 0) as tf.Tensor2D
  const profile = attentionProfile(128, 2)
  const run = () => tf.tidy(() => attention(map, profile, ATTENTION_ROWS))
  return {
    run: () => run().dispose(),
    fingerprint: () => summary([tf.tidy(() => tf.slice(run(), 0, ATTENTION_ROWS))]),
    dispose: () => map.dispose(),
  }
}

export function kernelPrograms(operations: Operations): Programs {
  const { conv2d, depthwiseConv2d, batchNormRelu6, dropout, upsample, crossEntropy, voteEntropy } = operations
  const convolution = (geometry: Geometry) => (x: tf.Tensor4D, w: tf.Tensor4D) => conv2d(x, w, geometry)
  const depthwise = (geometry: Geometry) => (x: tf.Tensor4D, w: tf.Tensor4D) => depthwiseConv2d(x, w, geometry)
  const dense: [number[][], Compute] = [
    [
      [4, 32, 64, 64],
      [3, 3, 64, 64],
    ],
    convolution(SAME),
  ]
  const pointwise: [number[][], Compute] = [
    [
      [4, 32, 64, 144],
      [1, 1, 144, 24],
    ],
    convolution(PLAIN),
  ]
  const depthwise3: [number[][], Compute] = [
    [
      [4, 32, 64, 144],
      [3, 3, 144, 1],
    ],
    depthwise(SAME),
  ]
  const dilatedDense: [number[][], Compute] = [
    [
      [4, 16, 32, 64],
      [3, 3, 64, 64],
    ],
    convolution(dilatedBy(6)),
  ]
  const dilatedDepthwise: [number[][], Compute] = [
    [
      [4, 8, 16, 320],
      [3, 3, 320, 1],
    ],
    depthwise(dilatedBy(6)),
  ]
  const norm: [number[][], Compute] = [[[4, 32, 64, 144], [144], [144]], batchNormRelu6]
  const resize: [number[][], Compute] = [[[4, 8, 16, 64]], (x: tf.Tensor4D) => upsample(x, { height: 32, width: 64 })]
  return {
    'conv-dense': () => operation(...dense),
    'conv-dense-gradients': () => gradients(...dense),
    'conv-1x1': () => operation(...pointwise),
    'conv-1x1-gradients': () => gradients(...pointwise),
    'conv-depthwise': () => operation(...depthwise3),
    'conv-depthwise-gradients': () => gradients(...depthwise3),
    'conv-dilated-gradients': () => gradients(...dilatedDense),
    'conv-dilated-depthwise-gradients': () => gradients(...dilatedDepthwise),
    'batch-norm': () => operation(...norm),
    'batch-norm-gradients': () => gradients(...norm),
    dropout: () => operation([[4, 32, 64, 64]], dropout, true),
    'upsample-gradients': () => gradients(...resize),
    'cross-entropy-gradients': () => gradients([[4, 32, 64, CLASSES]], crossEntropy),
    sgd: () => sgdProgram(operations),
    'vote-entropy': () => operation([[20, 45, 60, CLASSES]], (logits: tf.Tensor4D) => voteEntropy(logits, QUERY_SIZE)),
    rga: () => attentionProgram(operations),
  }
}
