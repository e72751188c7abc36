import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/vaal-kernels.json'
import type { TestedEngine } from '../../../tests/support/engines'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import { disposeBlock, makeBlock, readBlock, writePart } from '../arena/block'
import { adamStep } from './adam'
import { type AdamOptions, adamStepReference } from './adam.reference'

const OPTIONS: AdamOptions = { learningRate: 0.01, step: 3, clipNorm: 2 }

function example(name: string, blocks: number, options: Partial<AdamOptions> = {}, scale = 1): Case {
  const size = 64 * blocks
  const given = { ...OPTIONS, ...options }
  const inputs = [filled([size]), filled([size], 20, (value) => scale * value), filled([size], 3)]
  const second = filled([size], 9, (value) => (1 + value) / 2)
  return {
    name: `${name}: ${blocks} blocks`,
    inputs: [...inputs, second],
    run: (p: tf.Tensor1D, g: tf.Tensor1D, m: tf.Tensor1D, v: tf.Tensor1D) => {
      adamStep(p, g, m, v, given)
      return [p, m, v]
    },
    want: () => {
      const [p, g, m, v] = [...inputs, second].map(({ values }) => values.slice())
      adamStepReference(p, g, m, v, given)
      return [p, m, v]
    },
  }
}

const run = (sizes: [number, number, number, number], options = OPTIONS) => {
  const [p, g, m, v] = sizes.map((size) => tf.zeros([size]) as tf.Tensor1D)
  adamStep(p, g, m, v, options)
}

async function takesPyTorchsSteps({ options, parameters, steps }: (typeof golden.adam)['clipped' | 'unclipped']) {
  const shapes = [{ shape: [7] }, { shape: [3, 2] }]
  const values = makeBlock(shapes.map(({ shape }, i) => ({ shape, values: from256ths(parameters[i]) })))
  const [gradients, first, second] = [makeBlock(shapes), makeBlock(shapes), makeBlock(shapes)]
  const before = tf.memory().numTensors
  for (const [i, step] of steps.entries()) {
    tf.tidy(() => {
      for (const k of [0, 1]) writePart(gradients, k, tf.tensor1d(from256ths(step.gradients[k])))
    })
    adamStep(values.whole, gradients.whole, first.whole, second.whole, { ...options, step: i + 1 })
    expect(tf.memory().numTensors).toBe(before)
    const read = await readBlock(values)
    for (const k of [0, 1]) expectClose(read[k], step.parameters[k], {}, `parameter ${k} after step ${i + 1}`)
  }
  for (const block of [values, gradients, first, second]) disposeBlock(block)
}

/** A parameter whose gradient stays zero: its moments fade, without growing denormal on a processor, and it comes to rest. */
async function restsWithoutGradients(engine: TestedEngine) {
  const blocks = [1, 0, 1e-37, 1e-37].map((value) => tf.fill([64], value) as tf.Tensor1D)
  const [p, g, m, v] = blocks
  for (let step = 1; step <= 60; step++) adamStep(p, g, m, v, { learningRate: 0.1, step })
  // Copies, because an engine keeps what was read.
  const read = tf.tidy(() => [p, m, v].map((tensor) => tf.slice(tensor, 0, 1)))
  const [parameter, first, second] = await Promise.all(read.map(async (tensor) => (await tensor.data())[0]))
  expect(parameter).toBe(1)
  for (const moment of [first, second]) {
    expect(moment).toBeGreaterThanOrEqual(0)
    expect(moment).toBeLessThanOrEqual(engine === 'wasm' ? 0 : 1e-37)
  }
  tf.dispose([...blocks, ...read])
}

describeKernel('Adam', {
  cases: [
    example('clipped', 1),
    example('clipped', 3),
    example('clipped', 65),
    example('clipped', 1000),
    { ...example('clipped, many partial sums', 4097), repeats: true },
    example('not clipped', 5, { clipNorm: null }),
    example('a norm below the limit', 3, { clipNorm: 1000 }),
    example('clipped to nothing', 2, { clipNorm: 0 }),
    example('gradients of zero', 2, {}, 0),
    example('large gradients', 130, {}, 1e15),
    example('betas and epsilon of its own', 2, { beta1: 0.5, beta2: 0.9, epsilon: 1e-3, step: 1 }),
    example('step 100000', 2, { step: 100_000 }),
  ],
  refusals: {
    'gradients of other blocks': { run: () => run([128, 64, 128, 128]), says: '[64]' },
    'moments of other blocks': { run: () => run([128, 128, 128, 64]), says: '[64]' },
    'parameters that are no blocks': { run: () => run([65, 65, 65, 65]), says: '[65]' },
    'a step before the first': { run: () => run([64, 64, 64, 64], { ...OPTIONS, step: 0 }), says: 'step 0' },
  },
  also: (engine) => {
    test('ten clipped steps in place agree with PyTorch and leave no tensor behind', () =>
      takesPyTorchsSteps(golden.adam.clipped))
    test('ten steps that are not clipped agree with PyTorch', () => takesPyTorchsSteps(golden.adam.unclipped))
    test('moments that fade do not move a parameter', () => restsWithoutGradients(engine))
  },
})
