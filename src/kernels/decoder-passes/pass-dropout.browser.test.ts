import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { passDropout } from './pass-dropout'
import { type PassDropoutOptions, passDropoutReference } from './pass-dropout.reference'

const MASK = { rate: 0.5, seed: 4294967295, layer: 3, firstPass: 2 }

/** @param shared items of the shared map; without them there is none */
function example(items: number, shared: number, extents: number[], options: PassDropoutOptions): Case {
  const x = filled([items, ...extents])
  const other = shared > 0 ? filled([shared, ...extents], 5) : null
  const itemSize = tf.util.sizeFromShape(extents)
  return {
    name: `${items} and ${shared} items of ${extents}, ${JSON.stringify(options)}`,
    inputs: other ? [x, other] : [x],
    run: (a: tf.Tensor4D, b: tf.Tensor4D | null = null) => passDropout(a, b, options),
    want: () => [passDropoutReference(x.values, other?.values ?? null, itemSize, extents[2], options)],
  }
}

describeKernel('pass dropout', {
  tolerance: { relative: 1e-6, absolute: 1e-7 },
  cases: [
    example(1, 0, [1, 1, 4], { ...MASK, passes: 1 }),
    example(1, 0, [3, 5, 8], { ...MASK, passes: 3 }),
    example(3, 1, [4, 7, 12], { ...MASK, passes: 3, relu: true }),
    example(2, 2, [5, 3, 8], { ...MASK, passes: 2, relu: true, rate: 0.1 }),
    example(1, 0, [3, 5, 8], { ...MASK, passes: 4, rate: 0.25, channelwise: true }),
    example(1, 1, [17, 4, 4], { ...MASK, passes: 2, rate: 0 }),
  ],
  refusals: {
    'maps of different extents': {
      run: () => passDropout(tf.zeros([1, 1, 2, 4]), tf.zeros([1, 1, 1, 4]), { ...MASK, passes: 1 }),
      says: 'do not fit',
    },
  },
})
