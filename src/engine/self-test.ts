/**
 * A short exam for an engine: a tiny network with one layer of every kind the system trains, forward and gradient, against
 * numbers that PyTorch made; and the regions of a query, where the engine finds them. A driver that gets it wrong must not train for an
 * hour first, nor lose regions in silence.
 */
import * as tf from '@tensorflow/tfjs-core'
import { AppError } from '../domain/errors'
import { batchNormTrain } from '../kernels/batch-norm/batch-norm'
import { packsQueryResults, queryResult, unpackQueryResult } from '../kernels/committee/query-result'
import { conv2d } from '../kernels/convolution/convolution'
import { depthwiseConv2d } from '../kernels/convolution/depthwise-convolution'
import { crossEntropySums } from '../kernels/loss/cross-entropy'
import { upsample } from '../kernels/upsampling/upsample'
import golden from './self-test.golden.json'

interface Values {
  shape: number[]
  values: number[]
}

export type SelfTestParameters = Record<string, Values>

/** Largest error allowed, as a share of the largest of the numbers compared. */
const TOLERANCE = 1e-3

/**
 * Runs the exam on the current backend.
 * @param parameters the golden ones, unless a test wants to see it fail
 * @throws kernel_failed naming what differs, by how much
 */
export async function selfTest(parameters: SelfTestParameters = golden.parameters): Promise<void> {
  await examineTraining(parameters)
  if (packsQueryResults()) await examineRegions()
}

async function examineTraining(parameters: SelfTestParameters): Promise<void> {
  const names = Object.keys(parameters)
  const [sums, ...gradients] = tf.tidy(() => {
    const tensors = names.map((name) => tensor(parameters[name]))
    const labels = tensor<tf.Tensor3D>(golden.labels, 'int32')
    const weights = tensor<tf.Tensor3D>(golden.weights)
    const losses = (...values: tf.Tensor[]) =>
      crossEntropySums(forward(new Map(names.map((name, i) => [name, values[i]]))), labels, weights)
    const meanLoss = (...values: tf.Tensor[]) => tf.div(tf.sum(losses(...values)), labels.size)
    return [losses(...tensors), ...tf.grads(meanLoss)(tensors)]
  })
  try {
    compare('the loss', await sums.data(), golden.sums)
    const wanted = golden.gradients as Record<string, number[]>
    for (const [i, name] of names.entries()) {
      compare(`the gradient of ${name}`, await gradients[i].data(), wanted[name])
    }
  } finally {
    tf.dispose([sums, gradients])
  }
}

/** Side of a region, and regions beside and above each other that fill the map. */
const [SIDE, TILES] = [4, 3]

/** A map that grows from its first pixel to its last is tiled from its end (paper Eq. 6). */
async function examineRegions(): Promise<void> {
  const extent = SIDE * TILES
  const packed = tf.tidy(() => {
    const map = tf.reshape(tf.range(1, extent ** 2 + 1), [extent, extent]) as tf.Tensor2D
    return queryResult(map, map, null, SIDE)
  })
  try {
    const values = await packed.data<'int32'>()
    const { picks } = unpackQueryResult(values, { height: extent, width: extent }, SIDE)
    const corners = Array.from({ length: TILES ** 2 }, (_, i) => TILES ** 2 - 1 - i).flatMap((tile) => [
      SIDE * Math.floor(tile / TILES),
      SIDE * (tile % TILES),
    ])
    const found = picks.flatMap(({ y, x }) => [y, x])
    compare("a query's regions", [picks.length, ...found], [TILES ** 2, ...corners])
  } finally {
    packed.dispose()
  }
}

function tensor<T extends tf.Tensor>({ values, shape }: Values, dtype: 'float32' | 'int32' = 'float32'): T {
  return tf.tensor(values, shape, dtype) as T
}

/** Logits [N, H, W, C] at the labels' size. */
function forward(parameters: Map<string, tf.Tensor>): tf.Tensor4D {
  const get = <T extends tf.Tensor>(name: string) => parameters.get(name) as T
  const norm = (x: tf.Tensor4D, name: string) =>
    batchNormTrain(x, get<tf.Tensor1D>(`${name}.gamma`), get<tf.Tensor1D>(`${name}.beta`), 'relu6').y
  const image = tensor<tf.Tensor4D>(golden.image)
  let x = conv2d(image, get('conv.filter'), { stride: 2, padding: 1, dilation: 1 })
  x = conv2d(norm(x, 'conv'), get('dilated.filter'), { stride: 1, padding: 2, dilation: 2 })
  x = depthwiseConv2d(norm(x, 'dilated'), get('depthwise.filter'), { stride: 1, padding: 2, dilation: 2 })
  x = conv2d(norm(x, 'depthwise'), get('classifier.filter'), { stride: 1, padding: 0, dilation: 1 })
  const [, height, width] = golden.labels.shape
  return upsample(x, { height, width })
}

function compare(what: string, got: ArrayLike<number>, want: number[]): void {
  const allowed = TOLERANCE * Math.max(...want.map(Math.abs))
  const worst = want.findIndex((value, i) => !(Math.abs(got[i] - value) <= allowed))
  if (worst < 0) return
  throw new AppError(
    'kernel_failed',
    `The engine's self-test computed ${what} wrongly: ${got[worst]} at ${worst}, right is ${want[worst]}.`,
    'Update the browser and the graphics driver, or use ?engine=wasm.',
  )
}
