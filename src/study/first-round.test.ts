import { expect, test } from 'vitest'
import { type ConfigOverrides, defaultConfig } from '../cpral/presets'
import { canonicalJson, fingerprint } from './fingerprint'
import { firstRoundKey } from './first-round'
import type { StudyData } from './study-line'

const FACTS = { format: 'camvid', source: 'folder', trainImages: 40, imageSize: { height: 96, width: 128 } } as const
const DATA: StudyData = { folder: 'camvid', format: 'camvid', images: { train: 40, val: 8 } }

function key(overrides: ConfigOverrides, data = DATA, weights: string | null = null): Promise<string> {
  return firstRoundKey({ config: defaultConfig(FACTS, 'tiny', overrides), data, weights })
}

test('the order of keys and absent values do not change a fingerprint', async () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined })).toBe('{"b":[{"c":2,"d":1}]}')
  expect(await fingerprint({ a: 1, b: 2 })).toBe(await fingerprint({ b: 2, a: 1 }))
  // The beginning of the SHA-256 of the two characters "{}".
  expect(await fingerprint({})).toBe('44136fa355b3678a')
})

test('methods, queries and what comes after the first training share a first round', async () => {
  const usual = await key({})
  expect(usual).toMatch(/^[0-9a-f]{16}$/)
  const same: ConfigOverrides[] = [
    { selection: { method: 'random' } },
    { selection: { method: 'vaal-r' } },
    { selection: { panopticSize: 3, budgetImages: 2, rounds: 9, regionSide: 8, attentionSigma: 1 } },
    { extension: { mode: 'paper' } },
    { adversary: { latent: 8 } },
    { monteCarlo: { passes: 3, vote: 'soft', precision: 'float16' } },
    { annotator: 'oracle', noise: null },
    { training: { warmStart: true, warmSteps: 5, warmLearningRate: 0.5 } },
  ]
  for (const overrides of same) expect(await key(overrides), JSON.stringify(overrides)).toBe(usual)
})

test('whatever the first training depends on has a key of its own', async () => {
  const others: ConfigOverrides[] = [
    {},
    { seed: 2 },
    { size: { height: 64, width: 96 } },
    { network: { channels: 16 } },
    { weights: 'abc' },
    { training: { steps: 10 } },
    { training: { epochs: 3 } },
    { training: { ratingWeight: 0 } },
    { selection: { initialImages: 7 } },
    { selection: { method: 'ta-vaal' } },
    { monteCarlo: { dropout: 'encoder' } },
    { annotator: 'person' },
    { noise: { kind: 'symmetric', share: 0.2, unit: 'pixel' } },
    { noise: { kind: 'symmetric', share: 0.2, unit: 'segment' } },
  ]
  const keys = await Promise.all(others.map((overrides) => key(overrides)))
  keys.push(await key({}, { ...DATA, folder: 'other' }), await key({}, DATA, 'net.pth'))
  expect(new Set(keys).size).toBe(others.length + 2)
})
