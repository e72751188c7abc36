import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { buildNetwork } from '../../../src/model/network'
import { CLASSES, configOf, publishedWeights, QUERY_SIZE } from '../contestants/workload'
import { exportOnnx } from './export'

it('writes every layer of the light net, and what lies between them', async () => {
  await tf.setBackend('cpu')
  const network = buildNetwork(configOf('light').network, CLASSES)
  const { operators } = exportOnnx(network, publishedWeights(network), QUERY_SIZE)
  const count = (name: string) => operators.filter((operator) => operator === name).length
  expect(count('Conv')).toBe(network.convBnLayers.length + 1)
  expect(count('Clip') + count('Relu')).toBe(
    network.convBnLayers.filter(({ activation }) => activation !== 'none').length,
  )
  // The pooled branch of the pyramid; the pyramid's upsampling; branches, and low-level features, joined.
  expect([count('GlobalAveragePool'), count('Tile'), count('Resize'), count('Concat')]).toEqual([1, 1, 1, 2])
})
