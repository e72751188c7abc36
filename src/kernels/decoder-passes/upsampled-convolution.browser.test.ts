import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import type { Shape4D } from '../convolution/geometry'
import { passDropoutReference } from './pass-dropout.reference'
import { upsampledDepthwise, upsampledTaps } from './upsampled-convolution'
import { upsampledDepthwiseReference, upsampledTapsReference } from './upsampled-convolution.reference'

interface Upsampling {
  z: Shape4D
  size: { height: number; width: number }
}

/** Small maps and what they are upsampled to: single samples, the least factor, odd sizes, not square. */
const CASES: Upsampling[] = [
  { z: [1, 1, 1, 4], size: { height: 1, width: 1 } },
  { z: [2, 1, 3, 4], size: { height: 3, width: 5 } },
  { z: [3, 2, 1, 8], size: { height: 7, width: 2 } },
  { z: [2, 3, 4, 12], size: { height: 9, width: 16 } },
  { z: [1, 4, 5, 4], size: { height: 7, width: 9 } },
]

const nameOf = ({ z, size }: Upsampling) => `${z} at ${size.height} x ${size.width}`

function depthwiseOf(upsampling: Upsampling): Case {
  const { z, size } = upsampling
  const channels = z[3]
  const [map, filter, bias] = [filled(z), filled([3, 3, channels, 1], 2), filled([channels], 7)]
  return {
    name: nameOf(upsampling),
    inputs: [map, filter, bias],
    run: (a: tf.Tensor4D, b: tf.Tensor4D, c: tf.Tensor1D) => upsampledDepthwise(a, b, c, size),
    want: () => [upsampledDepthwiseReference(map.values, z, filter.values, bias.values, size)],
  }
}

function tapsOf(upsampling: Upsampling, sharedItems: number): Case {
  const { z, size } = upsampling
  const [items, h, w, channels] = z
  const itemSize = size.height * size.width * channels
  const mask = { rate: 0.5, seed: 11, layer: 2, firstPass: 3 }
  const taps = filled([items, h, w, 9 * channels])
  const shared = filled([sharedItems, size.height, size.width, channels], 3)
  return {
    name: `${nameOf(upsampling)}, ${sharedItems} shared`,
    inputs: [taps, shared],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => upsampledTaps(a, b, mask),
    want: () => {
      const sums = upsampledTapsReference(taps.values, z, size)
      const options = { ...mask, passes: items, relu: true }
      return [passDropoutReference(sums, shared.values, itemSize, channels, options)]
    },
  }
}

describeKernel('depthwise convolution of an upsampled map', {
  tolerance: { absolute: 1e-5 },
  cases: CASES.map(depthwiseOf),
  refusals: {
    'a map that is hardly smaller than its upsampling': {
      run: () =>
        upsampledDepthwise(tf.zeros([1, 4, 4, 4]), tf.zeros([3, 3, 4, 1]), tf.zeros([4]), { height: 6, width: 7 }),
      says: 'do not fit',
    },
  },
})

describeKernel('taps of an upsampled map', {
  tolerance: { absolute: 2e-5 },
  cases: CASES.flatMap((upsampling) => [...new Set([1, upsampling.z[0]])].map((shared) => tapsOf(upsampling, shared))),
})
