/** The attention of label extension: streamed by our kernel, and as a composition of tfjs operations with every pair in memory. */
import * as tf from '@tensorflow/tfjs-core'
import { extendLabels } from '../../../src/cpral/label-extension'
import { defaultConfig } from '../../../src/cpral/presets'
import { emptyLabels, IGNORE } from '../../../src/domain/labels'
import type { Size } from '../../../src/domain/size'
import { patchAttention } from '../../../src/kernels/attention/patch-attention'
import { annotateRegions } from '../../../src/loop/oracle'
import type { PatchAttention } from '../../../src/math/patch-attention'
import { randomStream } from '../../../src/math/random'
import type { Program, Programs } from './serve'
import { CLASSES, sampleImage } from './workload'

const WINDOW = 60
const LABELLED = 0.25

/** What the label extension asks of the engine for a picture that is a quarter labelled, in windows of 60 x 60. */
async function requestFor(size: Size, stride: number): Promise<PatchAttention> {
  const { rgb, classes } = sampleImage(0, size)
  // A patch with void is no key: rows without labels take those of the row above.
  const truth = classes.map((id, i) => (id === IGNORE ? classes[i - size.width] : id))
  const labels = emptyLabels(size)
  const stream = randomStream(1, 'bench-windows')
  let labelled = 0
  while (labelled < LABELLED * size.height * size.width) {
    const [x, y] = [stream.below(size.width - WINDOW + 1), stream.below(size.height - WINDOW + 1)]
    labelled += annotateRegions(labels, truth, size, [{ x, y, width: WINDOW, height: WINDOW }], CLASSES).newPixels
  }
  const dataset = { format: 'generic', source: 'demo', trainImages: 100, imageSize: size } as const
  const { extension } = defaultConfig(dataset, 'light', { extension: { stride } })
  let captured: PatchAttention | undefined
  const input = { ...labels, rgb, size, classCount: CLASSES, prediction: null, confidence: null }
  await extendLabels(input, extension, async (request) => {
    captured = request
    return new Float32Array(request.queries.length * request.channels)
  })
  if (!captured) throw new Error('The label extension asked for nothing.')
  return captured
}

/** Reads the result back: the label extension needs it in plain arrays. */
function program(attend: () => tf.Tensor2D, dispose: () => void): Program {
  const read = async () => {
    const attended = tf.tidy(attend)
    const values = await attended.data<'float32'>()
    attended.dispose()
    return values
  }
  // Every 97th number stands for all: 97 is no multiple of the channels.
  const fingerprint = async () => [...(await read()).filter((_, i) => i % 97 === 0)]
  return { run: read, fingerprint, dispose }
}

async function streamed(size: Size, stride: number): Promise<Program> {
  const request = await requestFor(size, stride)
  return program(
    () => patchAttention(request),
    () => {},
  )
}

/** The patches at `cells` as rows of patch * patch * 3 colours. */
function patchRows({ colours, width, patch, stride, columns }: PatchAttention, cells: Int32Array): tf.Tensor2D {
  const rows = new Float32Array(cells.length * patch * patch * 3)
  let o = 0
  for (const cell of cells) {
    for (let p = 0; p < patch * patch; p++) {
      const row = Math.floor(cell / columns) * stride + Math.floor(p / patch)
      const pixel = row * width + (cell % columns) * stride + (p % patch)
      for (let c = 0; c < 3; c++) rows[o++] = colours[4 * pixel + c]
    }
  }
  return tf.tensor2d(rows, [cells.length, patch * patch * 3])
}

/** The patches are cut out and uploaded before the clock starts. */
async function composition(size: Size, stride: number): Promise<Program> {
  const request = await requestFor(size, stride)
  const { queries, keys, columns, gains, biases, values, channels, falloff, reach } = request
  const rowsOf = (cells: Int32Array) => Float32Array.from(cells, (cell) => Math.floor(cell / columns) * stride)
  const columnsOf = (cells: Int32Array) => Float32Array.from(cells, (cell) => (cell % columns) * stride)
  const [Q, K] = [queries.length, keys.length]
  const constants = {
    queries: patchRows(request, queries),
    keys: patchRows(request, keys),
    gains: tf.tensor2d(gains, [1, K]),
    biases: tf.tensor2d(biases, [1, K]),
    values: tf.tensor2d(values, [K, channels]),
    queryRows: tf.tensor2d(rowsOf(queries), [Q, 1]),
    queryColumns: tf.tensor2d(columnsOf(queries), [Q, 1]),
    keyRows: tf.tensor2d(rowsOf(keys), [1, K]),
    keyColumns: tf.tensor2d(columnsOf(keys), [1, K]),
    never: tf.scalar(-1e9),
  }
  const attend = () => {
    const dots = tf.matMul(constants.queries, constants.keys, false, true)
    const down = tf.squaredDifference(constants.queryRows, constants.keyRows)
    const squared = tf.add(down, tf.squaredDifference(constants.queryColumns, constants.keyColumns))
    const scores = tf.add(tf.mul(dots, constants.gains), constants.biases)
    const isNear = tf.lessEqual(squared, reach * reach)
    const logits = tf.where(isNear, tf.sub(scores, tf.mul(squared, falloff)), constants.never)
    const attended = tf.matMul(tf.softmax(logits) as tf.Tensor2D, constants.values)
    return tf.mul(attended, tf.cast(tf.any(isNear, 1, true), 'float32')) as tf.Tensor2D
  }
  return program(attend, () => tf.dispose(constants))
}

const WIDE = { height: 256, width: 512 }

export const labelExtensionPrograms: Programs = {
  cle: () => streamed(WIDE, 8),
  'cle-stride-4': () => streamed({ height: 384, width: 512 }, 4),
}

export const stockLabelExtensionPrograms: Programs = { cle: () => composition(WIDE, 8) }
