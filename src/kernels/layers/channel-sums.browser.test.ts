import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, EXACT, filled } from '../../../tests/support/kernels'
import type { Shape4D } from '../convolution/geometry'
import { addBias, constantMap, globalMean } from './channel-sums'
import { channelBroadcastReference, channelSumsReference } from './channel-sums.reference'

const SHAPES: Shape4D[] = [
  [1, 1, 1, 1],
  [2, 3, 5, 15],
  [4, 7, 9, 16],
  [3, 13, 17, 33],
]

function meanOf(shape: Shape4D): Case {
  const [items, height, width, channels] = shape
  const [pixels, x] = [height * width, filled(shape, 0, (value) => value + 3)]
  return {
    name: `${shape}`,
    inputs: [x],
    run: globalMean,
    want: () => [{ values: channelSumsReference(x.values, items, channels, 1 / pixels), shape: [items, channels] }],
    gradients: (dy) => [channelBroadcastReference(dy, items, pixels, 1 / pixels)],
  }
}

function constantMapOf(shape: Shape4D): Case {
  const [items, height, width, channels] = shape
  const x = filled([items, 1, 1, channels])
  return {
    name: `${shape}`,
    inputs: [x],
    run: (tensor: tf.Tensor4D) => constantMap(tensor, { height, width }),
    want: () => [{ values: channelBroadcastReference(x.values, items, height * width, 1), shape }],
    tolerance: EXACT,
    gradients: (dy) => [channelSumsReference(dy, items, channels, 1)],
    gradientTolerance: { absolute: 1e-5 },
  }
}

function biasOf(shape: Shape4D): Case {
  const channels = shape[3]
  const [x, bias] = [filled(shape), filled([channels], 9)]
  return {
    name: `${shape}`,
    inputs: [x, bias],
    run: addBias,
    want: () => [x.values.map((value, i) => value + bias.values[i % channels])],
    gradients: (dy) => [dy, channelSumsReference(dy, 1, channels, 1)],
    gradientTolerance: [EXACT, { absolute: 1e-5 }],
  }
}

describeKernel('global mean', { cases: SHAPES.map(meanOf) })

describeKernel('constant map', {
  cases: SHAPES.map(constantMapOf),
  refusals: {
    'a map of more than a pixel': {
      run: () => constantMap(tf.zeros([1, 2, 1, 3]), { height: 2, width: 2 }),
      says: '[1,2,1,3]',
    },
  },
})

describeKernel('bias', {
  cases: SHAPES.map(biasOf),
  refusals: { 'a bias of other channels': { run: () => addBias(tf.zeros([2, 3]), tf.zeros([2])), says: '[2,3]' } },
})
