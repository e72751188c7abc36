import type * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, EXACT, filled } from '../../../tests/support/kernels'
import { pattern } from '../../../tests/support/numbers'
import type { Size } from '../../domain/size'
import type { Shape4D } from '../convolution/geometry'
import { voteEntropy } from './vote-entropy'
import { type Vote, voteEntropyReference } from './vote-entropy.reference'

const VOTES = ['hard', 'soft'] as const

const run = (size: Size, vote: Vote) => (x: tf.Tensor4D) => voteEntropy(x, size, vote)

function example(what: string, values: Float32Array, shape: Shape4D, size: Size, vote: Vote): Case {
  return {
    name: `${vote} votes, ${shape} at ${size.height} x ${size.width}, ${what}`,
    inputs: [{ values, shape }],
    run: run(size, vote),
    want: () => [{ values: voteEntropyReference(values, shape, size, vote), shape: [size.height, size.width] }],
  }
}

const SHAPES: [Shape4D, Size][] = [
  [[1, 1, 1, 1], { height: 1, width: 1 }],
  [[3, 2, 3, 2], { height: 5, width: 9 }],
  [[20, 3, 5, 11], { height: 9, width: 17 }],
  [[4, 5, 4, 19], { height: 5, width: 4 }],
  [[6, 3, 1, 12], { height: 9, width: 3 }],
  [[20, 11, 9, 12], { height: 44, width: 35 }],
]

/** Pixels around a workgroup of 64; classes around a vector, and passes and classes around what fits into bytes. */
const DISAGREEING: [Shape4D, Size][] = [
  [[1, 1, 1, 2], { height: 1, width: 1 }],
  [[5, 2, 3, 4], { height: 7, width: 9 }],
  [[5, 2, 3, 4], { height: 8, width: 8 }],
  [[4, 3, 3, 11], { height: 5, width: 13 }],
  [[20, 4, 6, 19], { height: 15, width: 23 }],
  [[20, 4, 6, 20], { height: 15, width: 23 }],
  [[256, 2, 2, 4], { height: 3, width: 3 }],
  [[3, 2, 3, 68], { height: 4, width: 5 }],
  [[3, 2, 3, 64], { height: 4, width: 5 }],
  [[3, 2, 3, 130], { height: 4, width: 5 }],
  [[3, 1, 1, 3], { height: 4, width: 6 }],
]

/** Sums of two patterns, so that passes do not agree. */
function disagreeing(shape: Shape4D, scale: number): Float32Array {
  const { values } = filled(shape)
  const other = pattern(values.length, 3)
  return values.map((value, i) => scale * (value + other[(i * i) % values.length]))
}

const PASS = pattern(3 * 4 * 5)

function equals(vote: Vote): Case {
  const size = { height: 6, width: 8 }
  return {
    name: `a committee of equals has the entropy of one member, ${vote} votes`,
    inputs: [{ values: Float32Array.from({ length: 6 * 60 }, (_, i) => PASS[i % 60]), shape: [6, 3, 4, 5] }],
    run: run(size, vote),
    want: () => [voteEntropyReference(PASS, [1, 3, 4, 5], size, vote)],
    tolerance: vote === 'hard' ? EXACT : { absolute: 1e-5 },
  }
}

/** Class 1 leads on the left, 2 on the right; in the middle class 0, second everywhere, wins. */
const MIDDLE = [0.8, 1, 0, 0, 0.8, 0, 1, 0, 0.8, 0, 1, 0]
const FOR_CLASS_2 = [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]

const byHand = (name: string, logits: number[], shape: Shape4D, size: Size, want: number[]): Case => ({
  name,
  inputs: [{ values: Float32Array.from(logits), shape }],
  run: run(size, 'hard'),
  want: () => [want],
  tolerance: want.includes(1) ? {} : EXACT,
})

describeKernel('vote entropy', {
  tolerance: { absolute: 3e-5 },
  cases: [
    ...VOTES.flatMap((vote) => [
      ...SHAPES.map(([shape, size]) => {
        const logits = pattern(shape.reduce((a, b) => a * b)).map((value) => 4 * value)
        return { ...example('one pattern', logits, shape, size, vote), tolerance: { absolute: 1e-5 } }
      }),
      ...DISAGREEING.flatMap(([shape, size]) =>
        [1, 30].map((scale) => example(`times ${scale}`, disagreeing(shape, scale), shape, size, vote)),
      ),
      equals(vote),
    ]),
    byHand('ties go to the lowest class', new Array(112).fill(0), [4, 2, 2, 7], { height: 3, width: 3 }, [
      ...new Array(9).fill(0),
    ]),
    byHand(
      // Two passes, nine classes: classes 2 and 7 tie in the first pass, 2 alone leads in the second.
      'a tie goes to the lowest class, wherever the classes lie in a vector',
      Array.from({ length: 18 }, (_, i) => (i === 2 || i === 7 || i === 11 ? 3 : 0)),
      [2, 1, 1, 9],
      { height: 1, width: 1 },
      [0],
    ),
    byHand(
      'votes that agree, on a class that leads between the corners',
      [...MIDDLE, ...MIDDLE],
      [2, 1, 3, 4],
      { height: 1, width: 9 },
      new Array(9).fill(0),
    ),
    byHand(
      // The second pass votes for class 2 everywhere, the first one from the middle on.
      'corners that agree decide without a look at the logits between, those that do not are blended',
      [...MIDDLE, ...FOR_CLASS_2],
      [2, 1, 3, 4],
      { height: 1, width: 9 },
      [1, 1, 1, 1, 0, 0, 0, 0, 0],
    ),
  ],
})
