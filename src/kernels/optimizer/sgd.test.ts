import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
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
