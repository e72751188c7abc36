import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { batchNormTrain } from '../batch-norm/batch-norm'
import { conv2d } from '../convolution/convolution'
import { depthwiseConv2d } from '../convolution/depthwise-convolution'
import { disposeBlock, makeBlock, readBlock, writePart } from './block'
import { BlockTable } from './block-table'
import { closeDestinations, openDestinations, setDestinations } from './destinations'

const SHAPES = [[3, 3, 4, 5], [1], [5], [64], [3, 3, 5, 1], [65]]

describeEngines('arena', () => {
  test('parts are tensors at multiples of 64, read back whole', async () => {
    const before = tf.memory()
    const arrays = SHAPES.map((shape, i) => ({ shape, values: pattern(tf.util.sizeFromShape(shape), i) }))
    const block = makeBlock(arrays)
    expect(block.offsets).toEqual([0, 192, 256, 320, 384, 448])
    expect(block.whole.size).toBe(576)
    const read = await readBlock(block)
    for (const [i, { values }] of arrays.entries()) {
      expect(read[i]).toEqual(values)
      const doubled = tf.mul(block.parts[i], 2)
      expectClose(
        await doubled.data(),
        values.map((value) => 2 * value),
      )
      doubled.dispose()
    }
    disposeBlock(block)
    expect(tf.memory().numTensors).toBe(before.numTensors)
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers)
  })

  test('what is written to a part is seen by the next operation and by the next read', async () => {
    const block = makeBlock([{ shape: [2] }, { shape: [2, 3] }, { shape: [1] }])
    expect((await readBlock(block))[1]).toEqual(new Float32Array(6))
    tf.tidy(() => writePart(block, 1, tf.tensor1d([1, 2, 3, 4, 5, 6])))
    const sum = tf.add(block.parts[1], 1)
    expect([...(await sum.data())]).toEqual([2, 3, 4, 5, 6, 7])
    const [first, second, third] = await readBlock(block)
    expect([[...first], [...second], [...third]]).toEqual([[0, 0], [1, 2, 3, 4, 5, 6], [0]])
    expect(() => writePart(block, 0, sum)).toThrow('[2,3]')
    disposeBlock(block)
    sum.dispose()
  })

  test('a convolution sees the new weights of a part', async () => {
    const x = tf.ones([1, 1, 1, 1]) as tf.Tensor4D
    const block = makeBlock([{ shape: [1, 1, 1, 1], values: [3] }])
    const convolve = async () => {
      const y = tf.conv2d(x, block.parts[0] as tf.Tensor4D, 1, 'valid')
      const [value] = await y.data()
      y.dispose()
      return value
    }
    expect(await convolve()).toBe(3)
    tf.tidy(() => writePart(block, 0, tf.tensor1d([5])))
    expect(await convolve()).toBe(5)
    disposeBlock(block)
    x.dispose()
  })

  test('the memory of a block serves others after it', () => {
    const allocated = () => tf.memory().numDataBuffers
    const before = allocated()
    for (let i = 0; i < 50; i++) disposeBlock(makeBlock([{ shape: [1000] }, { shape: [10] }]))
    expect(allocated()).toBe(before)
  })

  test('a table has the number of every part at each of its 64s, and is kept while the numbers are', async () => {
    const block = makeBlock([{ shape: [65] }, { shape: [1] }, { shape: [200] }])
    const table = new BlockTable(block)
    const first = table.of([1, -1, 0.5])
    expect([...(await first.data())]).toEqual([1, 1, -1, 0.5, 0.5, 0.5, 0.5])
    expect(table.of([1, -1, 0.5])).toBe(first)
    expect([...(await table.of([1, 2, 0.5]).data())]).toEqual([1, 1, 2, 0.5, 0.5, 0.5, 0.5])
    table.dispose()
    disposeBlock(block)
  })

  const layers = (x: tf.Tensor4D, [filter, depthwise, gamma, beta]: tf.Tensor[]) => {
    const y = depthwiseConv2d(
      conv2d(x, filter as tf.Tensor4D, { stride: 1, padding: 1, dilation: 1 }),
      depthwise as tf.Tensor4D,
      { stride: 1, padding: 1, dilation: 1 },
    )
    return batchNormTrain(y, gamma as tf.Tensor1D, beta as tf.Tensor1D, 'relu')
  }

  test('gradients and statistics of an arena go to their places, once, and are those of free tensors', async () => {
    const shapes = [[3, 3, 4, 5], [3, 3, 5, 1], [5], [5]]
    const arrays = shapes.map((shape, i) => ({ shape, values: pattern(tf.util.sizeFromShape(shape), i) }))
    const [values, gradients] = [makeBlock(arrays), makeBlock(shapes.map((shape) => ({ shape })))]
    const statistics = makeBlock([{ shape: [5] }, { shape: [5] }])
    const [mean, variance] = statistics.parts
    for (const [i, part] of values.parts.entries()) setDestinations(part, { gradient: gradients.parts[i] })
    setDestinations(values.parts[2], { mean, variance })
    const free = arrays.map(({ shape, values: numbers }) => tf.tensor(numbers, shape))
    const x = tf.tensor4d(pattern(2 * 6 * 7 * 4), [2, 6, 7, 4])
    const gradientsOf = (parameters: tf.Tensor[]) =>
      tf.grads((...tensors) => tf.sum(tf.square(layers(x, tensors).y)))(parameters)

    const want = gradientsOf(free)
    openDestinations(values.parts)
    const got = gradientsOf(values.parts)
    const again = gradientsOf(values.parts)
    closeDestinations(values.parts)
    const after = gradientsOf(values.parts)
    expect(got.map(({ dataId }) => dataId)).toEqual(gradients.parts.map(({ dataId }) => dataId))
    for (const gradient of [...again, ...after]) {
      expect(gradients.parts.some((part) => part.dataId === gradient.dataId)).toBe(false)
    }
    const placed = await readBlock(gradients)
    for (const [i, tensor] of want.entries()) expectClose(placed[i], await tensor.data(), { absolute: 1e-4 })
    const { mean: wantMean, variance: wantVariance, y } = layers(x, free)
    const [gotMean, gotVariance] = await readBlock(statistics)
    expectClose(gotMean, await wantMean.data())
    expectClose(gotVariance, await wantVariance.data())
    tf.dispose([want, got, again, after, free, x, wantMean, wantVariance, y])
    for (const block of [values, gradients, statistics]) disposeBlock(block)
  })
})
