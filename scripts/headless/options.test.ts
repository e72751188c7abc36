import { expect, test } from 'vitest'
import { parseDemo, parseExperiment } from './options'

const NEEDED = ['--data', 'in', '--out', 'out/x']

test('reads every option of an experiment', () => {
  const line =
    '--data in --format camvid --method random-r --preset tiny --recipe studio --encoder drn-d-22 --weights w.safetensors --size 180x240 --rounds 5 --initial 25 ' +
    '--panoptic 50 --budget 25 --epochs 50 --steps 1250 --equal-steps --seed 7 --engine wasm --out out/x --region 32 --lr 0.01 --batch 2 --head-lr 1 --precision float16'
  expect(parseExperiment(line.split(' '))).toEqual({
    data: 'in',
    format: 'camvid',
    preset: 'tiny',
    encoder: 'drn-d-22',
    weights: 'w.safetensors',
    engine: 'wasm',
    out: 'out/x',
    overrides: {
      recipe: 'studio',
      seed: 7,
      size: { height: 180, width: 240 },
      selection: {
        method: 'random-r',
        rounds: 5,
        initialImages: 25,
        panopticSize: 50,
        budgetImages: 25,
        regionSide: 32,
      },
      training: { batchSize: 2, epochs: 50, steps: 1250, equalSteps: true, learningRate: 0.01, headLrFactor: 1 },
      monteCarlo: { precision: 'float16' },
    },
  })
})

test('leaves what was not given to the defaults of the dataset', () => {
  const { overrides, preset, encoder, format, engine, weights } = parseExperiment(NEEDED)
  expect({ overrides, preset, encoder, format, engine, weights }).toEqual({
    overrides: { selection: {}, training: {}, monteCarlo: {} },
    preset: 'light',
    encoder: null,
    format: null,
    engine: null,
    weights: null,
  })
})

test.each([
  [['--out', 'x'], /--data is missing/],
  [['--data', 'x'], /--out is missing/],
  [[...NEEDED, '--size', '180'], /--size is "180".*180x240/],
  [[...NEEDED, '--size', '8x240'], /--size is "8x240"/],
  [[...NEEDED, '--method', 'best'], /--method is "best".*cpral/],
  [[...NEEDED, '--engine', 'cuda'], /--engine is "cuda".*webgpu, wasm/],
  [[...NEEDED, '--recipe', 'fast'], /--recipe is "fast".*one of paper, studio/],
  [[...NEEDED, '--encoder', 'resnet'], /--encoder is "resnet".*mobilenetv2, resnet9, drn-d-22/],
  [[...NEEDED, '--steps', '0'], /--steps is "0".*whole number of at least 1/],
  [[...NEEDED, '--epochs', '2.5'], /--epochs is "2.5".*whole number of at least 1/],
  [[...NEEDED, '--rounds', '0'], /--rounds is "0"/],
  [[...NEEDED, '--lr', 'fast'], /--lr is "fast"/],
  [[...NEEDED, '--batch', '3'], /--batch is "3".*even/],
  [[...NEEDED, '--budjet', '3'], /--budjet.*--budget/],
  [[...NEEDED, 'stray'], /stray/],
])('refuses %j', (argv, sentence) => {
  expect(() => parseExperiment(argv)).toThrow(sentence)
})

test('a demo keeps apart what is made on different engines and sizes', () => {
  expect(parseDemo([])).toEqual({
    quick: false,
    seed: 1,
    engine: null,
    out: 'out/demo',
    overrides: { recipe: 'studio', seed: 1, selection: {} },
  })
  expect(parseDemo(['--engine', 'webgpu', '--quick']).out).toBe('out/demo-webgpu-quick')
  const paper = parseDemo(['--recipe', 'paper', '--quick'])
  expect([paper.out, paper.overrides.recipe]).toEqual(['out/demo-quick-paper', 'paper'])
  expect(() => parseDemo(['--recipe', 'fast'])).toThrow(/--recipe is "fast".*one of paper, studio/)
  expect(parseDemo(['--out', 'there', '--seed', '3', '--method', 'random'])).toMatchObject({
    out: 'there',
    overrides: { recipe: 'studio', seed: 3, selection: { method: 'random' } },
  })
})

test('reads label noise, and says what is wrong with it', () => {
  const noise = (value: string) => parseExperiment([...NEEDED, '--noise', value]).overrides.noise
  expect(noise('mixed:0.2')).toEqual({ kind: 'mixed', share: 0.2, unit: 'pixel' })
  expect(noise('random:1:segment')).toEqual({ kind: 'random', share: 1, unit: 'segment' })
  for (const value of ['mixed', 'mixed:', 'mixed:20', 'flipped:0.2', 'mixed:0.2:image', 'mixed:0.2:pixel:1']) {
    expect(() => noise(value)).toThrow(`--noise is "${value}"; it must be KIND:SHARE or KIND:SHARE:UNIT`)
  }
})
