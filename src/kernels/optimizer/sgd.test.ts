import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import clippedGolden from '../../../tests/golden/sgd.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import { sgdStepReference } from './sgd.reference'

const { learningRate, ...options } = golden.sgd.options

test('three steps with momentum and weight decay agree with PyTorch', () => {
  const parameters = from256ths(golden.sgd.parameter)
  const velocities = new Float32Array(parameters.length)
  for (const step of golden.sgd.steps) {
    sgdStepReference(parameters, from256ths(step.gradient), velocities, [learningRate], options)
    expectClose(parameters, step.parameter)
  }
})

test('each block has its rate, a negative one changes nothing', () => {
  const parameters = new Float32Array(192).fill(1)
  const velocities = new Float32Array(192).fill(1)
  sgdStepReference(parameters, new Float32Array(192), velocities, [0.5, -1, 0.25], { momentum: 1, weightDecay: 0 })
  expect([parameters[0], parameters[63], parameters[64], parameters[127], parameters[128]]).toEqual([
    0.5, 0.5, 1, 1, 0.75,
  ])
  expect(velocities[64]).toBe(1)
})

test.each(Object.entries(clippedGolden))(
  'ten steps, %s, agree with PyTorch',
  (_, { options: given, parameters, steps }) => {
    const { learningRate: rate, ...clipped } = given
    const values = from256ths(parameters.flat())
    const velocities = new Float32Array(values.length)
    for (const step of steps) {
      sgdStepReference(values, from256ths(step.gradients.flat()), velocities, [rate], clipped)
      expectClose(values, step.parameters.flat())
    }
  },
)

test('a norm of 5 clipped to 1 divides the gradient by 5 before weight decay, what is left alone does not count', () => {
  const velocities = (clipNorm: number, weightDecay = 0) => {
    const parameters = new Float32Array(128).fill(1)
    const gradients = new Float32Array(128)
    gradients.set([3, 4])
    gradients.fill(1000, 64)
    const result = new Float32Array(128)
    sgdStepReference(parameters, gradients, result, [1, -1], { momentum: 0.9, weightDecay, clipNorm })
    return [result[0], result[1], result[64]]
  }
  expectClose(velocities(1), [0.6, 0.8, 0])
  expectClose(velocities(1, 0.5), [1.1, 1.3, 0])
  expect(velocities(5.5)).toEqual([3, 4, 0])
  expect(velocities(0)).toEqual([0, 0, 0])
})

test("Nesterov's momentum by hand", () => {
  const parameters = new Float32Array(64).fill(1)
  const velocities = new Float32Array(64).fill(2)
  sgdStepReference(parameters, new Float32Array(64).fill(4), velocities, [0.25], {
    momentum: 0.5,
    weightDecay: 1,
    nesterov: true,
  })
  // g = 4 + 1 = 5; v = 1 + 5 = 6; p = 1 - 0.25 * (5 + 3).
  expect([velocities[0], parameters[0]]).toEqual([6, -1])
})
