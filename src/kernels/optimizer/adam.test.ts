import { expect, test } from 'vitest'
import golden from '../../../tests/golden/vaal-kernels.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import { adamStepReference } from './adam.reference'

test.each(Object.entries(golden.adam))('ten steps, %s, agree with PyTorch', (_, { options, parameters, steps }) => {
  const values = from256ths(parameters.flat())
  const [first, second] = [new Float32Array(values.length), new Float32Array(values.length)]
  for (const [i, step] of steps.entries()) {
    adamStepReference(values, from256ths(step.gradients.flat()), first, second, { ...options, step: i + 1 })
    expectClose(values, step.parameters.flat())
  }
})

test('the first step by hand: it goes by the learning rate, whatever the gradient', () => {
  const parameters = Float32Array.of(1, 1, 1)
  const [first, second] = [new Float32Array(3), new Float32Array(3)]
  adamStepReference(parameters, Float32Array.of(8, -0.5, 0), first, second, { learningRate: 0.25, step: 1 })
  expectClose(parameters, [0.75, 1.25, 1])
  expectClose(first, [0.8, -0.05, 0])
  expectClose(second, [0.064, 0.00025, 0])
})

test('a norm of 5 clipped to 1 divides the gradient by 5, a norm below is left alone', () => {
  const moments = (gradients: number[], clipNorm: number) => {
    const first = new Float32Array(2)
    const options = { learningRate: 1, step: 1, beta1: 0, clipNorm }
    adamStepReference(new Float32Array(2), Float32Array.from(gradients), first, new Float32Array(2), options)
    return first
  }
  expectClose(moments([3, 4], 1), [0.6, 0.8])
  expect([...moments([3, 4], 5.5)]).toEqual([3, 4])
  expect([...moments([3, 4], 0)]).toEqual([0, 0])
})
