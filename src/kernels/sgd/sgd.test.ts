import { test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { expectClose } from '../../gpu/testing'
import { from256ths } from '../testing'
import { sgdStepReference } from './sgd.reference'

test('three steps with momentum and weight decay agree with PyTorch', () => {
  const parameter = from256ths(golden.sgd.parameter)
  const velocity = new Float32Array(parameter.length)
  for (const step of golden.sgd.steps) {
    sgdStepReference(parameter, from256ths(step.gradient), velocity, golden.sgd.options)
    expectClose(parameter, step.parameter)
  }
})
