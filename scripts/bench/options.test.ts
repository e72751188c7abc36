import { expect, test } from 'vitest'
import { parseBench } from './options'

test('both engines in the browser by default', () => {
  expect(parseBench([])).toEqual({
    place: { browser: 'software' },
    only: [],
    engines: ['webgpu', 'wasm'],
    peers: [],
    repeat: 5,
    json: null,
    markdown: null,
  })
})

test('lists are separated by commas, peers may be repeated', () => {
  const options = parseBench([
    '--only',
    'conv,rga',
    '--engine',
    'wasm',
    '--peer',
    'torch',
    '--peer',
    'ort',
    '--json',
    'a.json',
  ])
  expect(options).toMatchObject({ only: ['conv', 'rga'], engines: ['wasm'], peers: ['torch', 'ort'], json: 'a.json' })
})

test('Dawn has WebGPU alone, on any adapter by name', () => {
  expect(parseBench(['--node', '--adapter', 'NVIDIA'])).toMatchObject({
    place: { dawn: 'NVIDIA' },
    engines: ['webgpu'],
  })
  expect(() => parseBench(['--node', '--engine', 'wasm'])).toThrow('--node measures WebGPU alone')
})

test.each([
  [['--repeat', '1'], '--repeat is "1"'],
  [['--engine', 'webgl'], '--engine is "webgl"; it must be one of webgpu, wasm.'],
  [['--adapter', 'fast'], '--adapter is "fast"'],
  [['--peer', 'jax'], '--peer is "jax"; it must be one of torch, ort.'],
  [['--quick'], 'The options are --node, --only'],
])('%j is refused with a sentence', (argv, sentence) => {
  expect(() => parseBench(argv)).toThrow(sentence)
})
