import { expect, test } from 'vitest'
import { familiesOf, operationsNamed, testsOf } from './kernel-names'

const PATHS = [
  'src/kernels/check.ts',
  'src/kernels/assembly/simd.as.ts',
  'src/kernels/optimizer/sgd.ts',
  'src/kernels/optimizer/sgd.as.ts',
  'src/kernels/optimizer/sgd-step.wgsl',
  'src/kernels/optimizer/sgd.test.ts',
  'src/kernels/optimizer/sgd.browser.test.ts',
  'src/kernels/optimizer/running-average.wasm.ts',
  'src/kernels/optimizer/running-average.test.ts',
  'src/kernels/convolution/convolution.ts',
  'src/kernels/convolution/depthwise-convolution.browser.test.ts',
  'src/kernels/convolution/convolution.long.browser.test.ts',
  'src/model/sgd.browser.test.ts',
  'src/model/sgdx.test.ts',
]
const families = familiesOf(PATHS)

test('a folder of src/kernels is a family, and its files name its operations', () => {
  expect([...families]).toEqual([
    ['convolution', ['convolution', 'depthwise-convolution']],
    ['optimizer', ['running-average', 'sgd']],
  ])
})

test.each([
  ['sgd', ['sgd']],
  ['optimizer', ['running-average', 'sgd']],
  ['average', ['running-average']],
  ['depthwise', ['depthwise-convolution']],
  ['convolution', ['convolution', 'depthwise-convolution']],
  ['simd', []],
  ['nothing', []],
])('"%s" means %j', (name, operations) => {
  expect(operationsNamed(name, families)).toEqual(operations)
})

test('tests bear the name of their operation, wherever they are; long ones stay out', () => {
  expect(testsOf(['sgd', 'convolution'], PATHS)).toEqual([
    'src/kernels/optimizer/sgd.test.ts',
    'src/kernels/optimizer/sgd.browser.test.ts',
    'src/model/sgd.browser.test.ts',
  ])
})
