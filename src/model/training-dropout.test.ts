import { expect, test } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { type ActiveDropout, dropoutOptions } from './executors'
import { trainingDropouts } from './training'

const FACTS = { format: 'generic', source: 'demo', trainImages: 4, imageSize: { height: 32, width: 32 } } as const

test('a factor of 0 leaves no dropout to a training step, and any other leaves every layer', () => {
  const layersOf = (training: Partial<TrainingConfig>) => trainingDropouts(defaultConfig(FACTS, 'tiny', { training }))
  expect(layersOf({ dropoutFactor: 0 })).toEqual([])
  expect(layersOf({ dropoutFactor: 0.25 })).toEqual(['aspp', 'decoderFirst', 'decoderLast'])
  expect(layersOf({})).toEqual(layersOf({ dropoutFactor: 1 }))
})

test('rates are multiplied by the factor of a step, and the masks keyed as without one', () => {
  const active: ActiveDropout = { layers: ['aspp', 'decoderLast'], seed: 3, firstPass: 8 }
  const rates = (dropout: ActiveDropout) =>
    (['aspp', 'decoderFirst', 'decoderLast'] as const).map((layer) => dropoutOptions(dropout, layer).rate)
  expect(rates(active)).toEqual([0.5, 0, 0.1])
  expect(rates({ ...active, factor: 0.2 })).toEqual([0.1, 0, expect.closeTo(0.02)])
  expect(dropoutOptions({ ...active, factor: 0.2 }, 'aspp')).toEqual({ ...dropoutOptions(active, 'aspp'), rate: 0.1 })
})
