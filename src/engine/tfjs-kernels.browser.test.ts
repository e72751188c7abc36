/** The forward kernels of tfjs that the network relies on, at odd sizes, against plain loops. */
import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../tests/support/kernels'

/** The product of [m, k] and [k, n], of two matrices as they are or of two transposed ones. */
function product(m: number, k: number, n: number, isTransposed: boolean): Case {
  const [a, b] = [filled([m, k]), filled([k, n], 3)]
  return {
    name: `${m} x ${k} by ${k} x ${n}${isTransposed ? ', transposed' : ''}`,
    inputs: [a, b],
    run: (x: tf.Tensor2D, y: tf.Tensor2D) =>
      isTransposed ? tf.matMul(tf.transpose(x), tf.transpose(y), true, true) : tf.matMul(x, y),
    want: () => {
      const want = new Float64Array(m * n)
      for (let i = 0; i < m * n; i++) {
        for (let l = 0; l < k; l++) want[i] += a.values[Math.floor(i / n) * k + l] * b.values[l * n + (i % n)]
      }
      return [{ values: want, shape: [m, n] }]
    },
  }
}

describeKernel('matrix product', {
  engines: ['webgpu'],
  tolerance: { absolute: 2e-5 },
  cases: [
    [1, 1, 1],
    [7, 5, 3],
    [65, 33, 17],
    [130, 12, 70],
  ].flatMap(([m, k, n]) => [product(m, k, n, false), product(m, k, n, true)]),
})

function joinedMeans(): Case {
  const [n, h, w] = [2, 5, 7]
  const parts = [3, 1, 8].map((channels, i) => filled([n, h, w, channels], i))
  const bias = filled([12], 9)
  return {
    name: 'concat on channels, mean over rows and columns, broadcast, add of a bias',
    inputs: [...parts, bias],
    run: (...tensors: tf.Tensor4D[]) => {
      const joined = tf.concat(tensors.slice(0, 3), 3)
      const mean = tf.mean(joined, [1, 2], true)
      return [joined, mean, tf.add(tf.broadcastTo(mean, [n, h, w, 12]), tensors[3])]
    },
    want: () => {
      const joined = new Float32Array(n * h * w * 12)
      for (let pixel = 0; pixel < n * h * w; pixel++) {
        let c = 0
        for (const { values, shape } of parts) {
          for (let i = 0; i < shape[3]; i++) joined[pixel * 12 + c++] = values[pixel * shape[3] + i]
        }
      }
      const means = Float64Array.from({ length: n * 12 }, (_, i) => {
        let sum = 0
        for (let pixel = 0; pixel < h * w; pixel++) sum += joined[(Math.floor(i / 12) * h * w + pixel) * 12 + (i % 12)]
        return sum / (h * w)
      })
      return [
        joined,
        means,
        joined.map((_, i) => means[Math.floor(i / (12 * h * w)) * 12 + (i % 12)] + bias.values[i % 12]),
      ]
    },
  }
}

describeKernel('joined maps', { engines: ['webgpu'], cases: [joinedMeans()] })
