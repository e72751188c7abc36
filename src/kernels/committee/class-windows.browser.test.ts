import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { classWindows } from './class-windows'
import { classWindowsReference } from './class-windows.reference'

interface Example {
  /** h, w, C */
  shape: [number, number, number]
  height: number
  width: number
  side: number
  stride: number
  /** The largest logit. */
  scale?: number
}

function example({ shape, height, width, side, stride, scale = 4 }: Example): Case {
  const logits = filled([1, ...shape], 0, (value) => scale * value)
  // A part is labelled: nothing is uncertain there.
  const uncertainty = filled([height, width], 5, (value, i) => (i % 7 === 0 ? 0 : 2 * Math.abs(value)))
  const { values: a } = filled([side], 3, (value) => (1 + value / 2) / side)
  return {
    name: `[${shape}] at ${height} x ${width}, windows of ${side} every ${stride}, logits up to ${scale}`,
    inputs: [logits, uncertainty],
    run: (x: tf.Tensor4D, u: tf.Tensor2D) => classWindows(x, u, a, stride),
    want: () => [classWindowsReference(logits.values, shape, uncertainty.values, { height, width }, a, stride)],
    repeats: true,
  }
}

const byHand: Case = {
  name: 'equal logits, one uncertain pixel: its weight divided by the classes, in every window that holds it',
  inputs: [
    { values: new Float32Array(5), shape: [1, 1, 1, 5] },
    { values: Float32Array.of(0, 0, 0, 3, 0, 0), shape: [2, 3] },
  ],
  run: (x: tf.Tensor4D, u: tf.Tensor2D) => classWindows(x, u, Float32Array.of(1, 2), 1),
  // Row 1 is the taps' second; column 0 the first window's first.
  want: () => [
    { values: [2, 0, 0.2].flatMap((value, i) => new Array(5).fill(i < 2 ? (3 * value) / 5 : value)), shape: [3, 5] },
  ],
}

describeKernel('class windows', {
  tolerance: { absolute: 2e-6, relative: 1e-5 },
  cases: [
    byHand,
    example({ shape: [1, 1, 1], height: 1, width: 1, side: 1, stride: 1 }),
    example({ shape: [3, 4, 2], height: 9, width: 13, side: 4, stride: 1 }),
    example({ shape: [4, 5, 11], height: 18, width: 21, side: 8, stride: 2 }),
    example({ shape: [5, 9, 19], height: 33, width: 65, side: 16, stride: 4 }),
    example({ shape: [5, 9, 19], height: 33, width: 65, side: 16, stride: 4, scale: 60 }),
    example({ shape: [4, 4, 12], height: 16, width: 16, side: 16, stride: 4 }),
    example({ shape: [2, 3, 4], height: 70, width: 9, side: 7, stride: 5 }),
  ],
  refusals: {
    'a window larger than the image': {
      run: () => classWindows(tf.zeros([1, 2, 2, 3]), tf.zeros([4, 9]), new Float32Array(5), 1),
      says: '5 taps',
    },
  },
})
