import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { bootWasm } from '../../engine/wasm'

beforeAll(async () => {
  await bootWasm()
})

describe('split on WASM', () => {
  it.each([
    { shape: [2, 3, 7], sizes: [2, 5], axis: 2 },
    { shape: [2, 3, 7], sizes: [1, 1, 1], axis: -2 },
    { shape: [5], sizes: [4, -1], axis: 0 },
    { shape: [70, 50, 9], sizes: [3, 1, 5], axis: 2 },
  ])('$shape into $sizes along axis $axis', async ({ shape, sizes, axis }) => {
    const size = shape.reduce((a, b) => a * b)
    const x = tf.reshape(tf.range(0, size, 1, 'int32'), shape)
    const parts = tf.split(x, sizes, axis)
    const whole = tf.concat(parts, axis)
    expect([...(await whole.data())]).toEqual(Array.from({ length: size }, (_, i) => i))
    const along = axis < 0 ? axis + shape.length : axis
    const first = shape.map((extent, i) => (i === along ? sizes[0] : extent))
    expect(parts[0].shape).toEqual(first)
    const want = (await x.array()) as unknown as number[]
    const cut = await tf.slice(tf.tensor(want, shape, 'int32'), new Array(shape.length).fill(0), first).data()
    expect(await parts[0].data()).toEqual(cut)
    tf.dispose([x, whole, ...parts])
  })

  it('into equal parts', async () => {
    const parts = tf.split(tf.tensor2d([1, 2, 3, 4, 5, 6], [1, 6]), 3, 1)
    expect(await Promise.all(parts.map((part) => part.array()))).toEqual([[[1, 2]], [[3, 4]], [[5, 6]]])
    tf.dispose(parts)
  })
})
