import { expect, test } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { type Extension, extendLabels } from '../cpral/label-extension'
import { defaultConfig } from '../cpral/presets'
import type { ExtensionConfig } from '../domain/config'
import { IGNORE, PROVENANCE } from '../domain/labels'
import type { AttendToPatches } from '../math/patch-attention'
import { attendToPatches } from '../math/patch-attention'
import { randomStream } from '../math/random'
import { attendOnEngine } from './patch-attention'

const size = { height: 120, width: 160 }
const CLASSES = 5

/** Soft waves of colour whose classes follow them, with noise; two windows in five are labelled. */
function scene() {
  const pixels = size.height * size.width
  const stream = randomStream(1, 'extension-scene')
  const rgb = new Uint8Array(3 * pixels)
  const classes = new Uint8Array(pixels).fill(IGNORE)
  const provenance = new Uint8Array(pixels)
  for (let i = 0; i < pixels; i++) {
    const [x, y] = [i % size.width, Math.floor(i / size.width)]
    const waves = [Math.sin(x / 17), Math.sin(y / 11), Math.sin((x + y) / 23)]
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = 128 + 90 * waves[c] + 25 * stream.next()
    if ((Math.floor(x / 20) + 2 * Math.floor(y / 20)) % 5 > 1) continue
    classes[i] = Math.min(CLASSES - 1, Math.floor(((waves[0] + waves[1] + waves[2] + 3) / 6) * CLASSES))
    provenance[i] = PROVENANCE.oracle
  }
  return { rgb, classes, provenance, size, classCount: CLASSES, prediction: null, confidence: null }
}

const inFloat64: AttendToPatches = async (request) => attendToPatches(request)

/** Extended by the defaults, and by the same without a threshold: every pixel's probability. */
async function extend(
  engine: AttendToPatches,
  changes: Partial<ExtensionConfig>,
): Promise<{ accepted: Extension; all: Extension }> {
  const facts = { format: 'generic', source: 'demo', trainImages: 10, imageSize: size } as const
  const { extension } = defaultConfig(facts, 'light', { extension: changes })
  const input = scene()
  return {
    accepted: await extendLabels(input, extension, engine),
    all: await extendLabels(input, { ...extension, threshold: 0 }, engine),
  }
}

describeEngines('label extension', () => {
  test.each<[string, Partial<ExtensionConfig>, number]>([
    ['the default', { longSide: 320 }, 0.95],
    ['overlapping patches', { longSide: 160, stride: 4, threshold: 0.9 }, 0.9],
    ['the literal mode', { mode: 'paper', longSide: 48, threshold: 0.5 }, 0.5],
  ])('%s accepts what float64 accepts, but within 1e-3 of the threshold', async (_, changes, threshold) => {
    const [want, got] = [await extend(inFloat64, changes), await extend(attendOnEngine, changes)]
    const doubtful = want.all.confidence.map((probability) => (Math.abs(probability - threshold) <= 1e-3 ? 1 : 0))
    const sure = (classes: Uint8Array) => classes.filter((_, i) => !doubtful[i])
    expect(sure(got.accepted.classes)).toEqual(sure(want.accepted.classes))
    const added = want.accepted.classes.filter((id) => id !== IGNORE).length
    expect(added).toBeGreaterThan(200)
    expect(want.all.classes.filter((id) => id !== IGNORE).length).toBeGreaterThan(added)
    expect(sure(want.all.classes).length).toBeGreaterThan(0.95 * want.all.classes.length)
  })
})
