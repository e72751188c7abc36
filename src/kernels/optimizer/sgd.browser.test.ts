import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import clippedGolden from '../../../tests/golden/sgd.json'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import { disposeBlock, makeBlock, readBlock, writePart } from '../arena/block'
import { sgdStep } from './sgd'
import { type SgdOptions, sgdStepReference } from './sgd.reference'

const OPTIONS: SgdOptions = { momentum: 0.9, weightDecay: 5e-4 }

/** Gradients of blocks that have a negative rate are larger than all others, as if something had been left there. */
function example(blocks: number, name = 'plain', more: Partial<SgdOptions> = {}): Case {
  const size = 64 * blocks
  const options = { ...OPTIONS, ...more }
  const rates = Float32Array.from({ length: blocks }, (_, i) => [0.1, -1, 0.25][i % 3])
  const left = (value: number, i: number) => (rates[Math.floor(i / 64)] < 0 ? 1e6 * value : value)
  const [parameters, gradients, velocities] = [filled([size]), filled([size], 20, left), filled([size], 3)]
  return {
    name: `${name}, blocks with rates of their own: ${blocks}`,
    inputs: [parameters, gradients, velocities, { values: rates, shape: [blocks] }],
    run: (p: tf.Tensor1D, g: tf.Tensor1D, v: tf.Tensor1D, table: tf.Tensor1D) => {
      sgdStep(p, g, v, table, options)
      return [p, v]
    },
    want: () => {
      const [p, v] = [parameters.values.slice(), velocities.values.slice()]
      sgdStepReference(p, gradients.values, v, rates, options)
      return [p, v]
    },
  }
}

async function takesPyTorchsSteps(): Promise<void> {
  const { learningRate, ...options } = golden.sgd.options
  const shape = [golden.sgd.parameter.length]
  const parameters = makeBlock([{ shape, values: from256ths(golden.sgd.parameter) }])
  const [gradients, velocities] = [makeBlock([{ shape }]), makeBlock([{ shape }])]
  const rates = tf.tensor1d([learningRate])
  const before = tf.memory().numTensors
  for (const { gradient } of golden.sgd.steps) {
    tf.tidy(() => writePart(gradients, 0, tf.tensor1d(from256ths(gradient))))
    sgdStep(parameters.whole, gradients.whole, velocities.whole, rates, options)
  }
  expect(tf.memory().numTensors).toBe(before)
  expectClose((await readBlock(parameters))[0], golden.sgd.steps[2].parameter)
  for (const block of [parameters, gradients, velocities]) disposeBlock(block)
  rates.dispose()
}

type ClippedSteps = (typeof clippedGolden)['nesterov' | 'clipped' | 'both']

/** Ten steps of parameters that share the norm, some of them clipped. */
async function takesClippedSteps({ options, parameters, steps }: ClippedSteps): Promise<void> {
  const { learningRate, ...given } = options
  const shapes = parameters.map(({ length }) => ({ shape: [length] }))
  const values = makeBlock(shapes.map(({ shape }, i) => ({ shape, values: from256ths(parameters[i]) })))
  const [gradients, velocities] = [makeBlock(shapes), makeBlock(shapes)]
  const rates = tf.fill([values.whole.size / 64], learningRate) as tf.Tensor1D
  const before = tf.memory().numTensors
  for (const [i, step] of steps.entries()) {
    tf.tidy(() => {
      for (const [k, gradient] of step.gradients.entries()) writePart(gradients, k, tf.tensor1d(from256ths(gradient)))
    })
    sgdStep(values.whole, gradients.whole, velocities.whole, rates, given)
    expect(tf.memory().numTensors).toBe(before)
    const read = await readBlock(values)
    for (const [k, want] of step.parameters.entries()) {
      expectClose(read[k], want, {}, `parameter ${k} after step ${i + 1}`)
    }
  }
  for (const block of [values, gradients, velocities]) disposeBlock(block)
  rates.dispose()
}

/** A limit that no norm reaches, and Nesterov's momentum of zero: the same numbers as without both. */
async function changesNothing(): Promise<void> {
  const [p, g, v, rates] = [filled([192]).values, filled([192], 5).values, filled([192], 9).values, [0.1, -1, 0.3]]
  const after = async (options: SgdOptions) => {
    const tensors = [p, g, v, rates].map((values) => tf.tensor1d(values))
    const [parameters, gradients, velocities, table] = tensors
    sgdStep(parameters, gradients, velocities, table, options)
    const read = tf.tidy(() => [parameters, velocities].map((tensor) => tf.slice(tensor, 0)))
    const numbers = await Promise.all(read.map(async (tensor) => [...(await tensor.data())]))
    tf.dispose([...tensors, ...read])
    return numbers
  }
  expect(await after({ ...OPTIONS, clipNorm: 1000 })).toEqual(await after(OPTIONS))
  expect(await after({ ...OPTIONS, clipNorm: null, nesterov: false })).toEqual(await after(OPTIONS))
}

async function keepsItsPlace(): Promise<void> {
  const x = tf.ones([1, 2, 2, 1]) as tf.Tensor4D
  const filter = makeBlock([{ shape: [1, 1, 1, 2], values: [1, 2] }])
  const convolve = () => tf.conv2d(x, filter.parts[0] as tf.Tensor4D, 1, 'valid')
  const before = convolve()
  const [gradients, zeros, rates] = [tf.ones([64]), tf.zeros([64]), tf.tensor1d([1])] as tf.Tensor1D[]
  sgdStep(filter.whole, gradients, zeros, rates, { momentum: 0, weightDecay: 0 })
  const after = convolve()
  expect([...(await before.data())]).toEqual([1, 2, 1, 2, 1, 2, 1, 2])
  expect([...(await after.data())]).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
  disposeBlock(filter)
  tf.dispose([x, before, after, gradients, zeros, rates])
}

describeKernel('SGD', {
  cases: [
    ...[1, 3, 64, 1000].map((blocks) => example(blocks)),
    ...[1, 3, 65].map((blocks) => example(blocks, 'Nesterov', { nesterov: true })),
    ...[1, 3, 65, 1000].map((blocks) => example(blocks, 'clipped', { clipNorm: 2 })),
    example(5, 'a norm below the limit', { clipNorm: 1000 }),
    example(3, 'clipped to nothing', { clipNorm: 0 }),
    { ...example(4097, 'clipped, Nesterov', { clipNorm: 5, nesterov: true }), repeats: true },
  ],
  refusals: {
    'gradients of other blocks': {
      run: () => sgdStep(tf.zeros([128]), tf.zeros([64]), tf.zeros([128]), tf.zeros([2]), OPTIONS),
      says: '[64]',
    },
    'rates of other blocks': {
      run: () => sgdStep(tf.zeros([128]), tf.zeros([128]), tf.zeros([128]), tf.zeros([3]), OPTIONS),
      says: 'rates [3]',
    },
    'a negative limit': {
      run: () => sgdStep(tf.zeros([64]), tf.zeros([64]), tf.zeros([64]), tf.zeros([1]), { ...OPTIONS, clipNorm: -1 }),
      says: 'norm of -1',
    },
  },
  also: () => {
    test('three steps in place agree with PyTorch and leave no tensor behind', takesPyTorchsSteps)
    test.each(Object.entries<ClippedSteps>(clippedGolden))(
      'ten steps, %s, agree with PyTorch and leave no tensor behind',
      (_, steps) => takesClippedSteps(steps),
    )
    test('options that have no effect change no bit', changesNothing)
    test('operations recorded before a step see the old weights, those after it the new ones', keepsItsPlace)
  },
})
