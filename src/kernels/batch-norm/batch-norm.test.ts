import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import type { Activation } from '../activation'
import { batchNormTrainGradReference, batchNormTrainReference, scaleShiftReference } from './batch-norm.reference'

const EPSILON = 1e-5

test.each(golden.batchNorm)('training step with $activation agrees with PyTorch', (example) => {
  const [x, gamma, beta, dy] = [example.x, example.gamma, example.beta, example.dy].map(from256ths)
  const activation = example.activation as Activation
  const { y, mean, variance } = batchNormTrainReference(x, gamma, beta, activation, EPSILON)
  expectClose(y, example.y)
  expectClose(mean, example.mean)
  expectClose(variance, example.variance)
  const { dx, dgamma, dbeta } = batchNormTrainGradReference(dy, x, gamma, beta, mean, variance, activation, EPSILON)
  expectClose(dx, example.dx, { relative: 1e-4, absolute: 1e-5 })
  expectClose(dgamma, example.dgamma, { relative: 1e-4, absolute: 1e-5 })
  expectClose(dbeta, example.dbeta)
})

test('the golden examples reach both ends of relu6', () => {
  const { y } = golden.batchNorm[2]
  expect(y).toContain(0)
  expect(y).toContain(6)
})

test('scale and shift by hand', () => {
  const y = scaleShiftReference(Float32Array.of(1, 2, -3, 4), Float32Array.of(2, 3), Float32Array.of(1, -1), 'relu6')
  expect([...y]).toEqual([3, 5, 0, 6])
})
