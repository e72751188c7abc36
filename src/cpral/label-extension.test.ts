import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/label-extension.json'
import type { ExtensionConfig } from '../domain/config'
import { IGNORE, PROVENANCE } from '../domain/labels'
import type { Size } from '../domain/size'
import { scaledLab } from '../math/cielab'
import { attendToPatches } from '../math/patch-attention'
import { randomStream } from '../math/random'
import { type ExtensionInput, extendLabels as extendWith, judgeExtension } from './label-extension'
import { defaultConfig } from './presets'
import { workingCopy, workingSize } from './working-copy'

const dataset = { format: 'generic', source: 'folder', trainImages: 10, imageSize: { height: 24, width: 32 } } as const
const contextConfig = (changes: Partial<ExtensionConfig> = {}) =>
  defaultConfig(dataset, 'light', { extension: { longSide: 32, ...changes } }).extension
const paperConfig = () => defaultConfig(dataset, 'light', { extension: { mode: 'paper', longSide: 32 } }).extension

const extendLabels = (input: ExtensionInput, config: ExtensionConfig) =>
  extendWith(input, config, async (request) => attendToPatches(request))

interface GoldenCase {
  rgb: number[]
  labels: number[]
  annotated: number[]
  classes: number[]
  probability: number[]
}

const inputOf = ({ rgb, labels, annotated }: GoldenCase): ExtensionInput => ({
  rgb: Uint8Array.from(rgb),
  classes: Uint8Array.from(labels),
  provenance: Uint8Array.from(annotated, (value) => (value ? PROVENANCE.oracle : PROVENANCE.none)),
  size: { height: 24, width: 32 },
  classCount: 3,
  prediction: null,
  confidence: null,
})

/** Left half red and class 0, right half blue and class 1; a labelled window of `side` in the middle of each half. */
function halves(size: Size, side: number): ExtensionInput & { truth: Uint8Array } {
  const pixels = size.height * size.width
  const truth = Uint8Array.from({ length: pixels }, (_, i) => (i % size.width < size.width / 2 ? 0 : 1))
  const stream = randomStream(1, 'halves')
  const rgb = Uint8Array.from({ length: pixels * 3 }, (_, i) => {
    const isRed = truth[Math.floor(i / 3)] === 0
    return (i % 3 === (isRed ? 0 : 2) ? 200 : 40) + stream.below(20)
  })
  const classes = new Uint8Array(pixels).fill(IGNORE)
  const provenance = new Uint8Array(pixels)
  const top = (size.height - side) >> 1
  for (const centre of [size.width / 4, (3 * size.width) / 4]) {
    for (let r = top; r < top + side; r++) {
      for (let c = centre - side / 2; c < centre + side / 2; c++) {
        classes[r * size.width + c] = truth[r * size.width + c]
        provenance[r * size.width + c] = PROVENANCE.human
      }
    }
  }
  return { rgb, classes, provenance, truth, size, classCount: 2, prediction: null, confidence: null }
}

describe('extendLabels against dense NumPy', () => {
  it.each([
    ['tiled patches', golden.contextTiled, contextConfig({ patch: 4, stride: 4, positionSigma: 150 })],
    [
      'overlapping patches',
      golden.contextOverlapping,
      contextConfig({ patch: 4, stride: 2, positionSigma: 40, appearance: 100 }),
    ],
    ['the literal mode', golden.paper, paperConfig()],
  ])('agrees for %s', async (_, expected, config) => {
    const { classes, confidence } = await extendLabels(inputOf(expected), { ...config, threshold: 0, classShare: 0 })
    let compared = 0
    let beyondReach = 0
    for (let i = 0; i < classes.length; i++) {
      if (expected.annotated[i]) {
        expect(classes[i]).toBe(IGNORE)
        continue
      }
      expect(Math.abs(confidence[i] - expected.probability[i])).toBeLessThan(2e-5)
      if (expected.classes[i] === IGNORE) beyondReach++
      // Classes may differ where two are equally likely; the probability tells those apart.
      if (expected.probability[i] > 0.501 || expected.classes[i] === IGNORE) {
        compared++
        expect(classes[i]).toBe(expected.classes[i])
      }
    }
    expect(compared).toBeGreaterThan(200)
    if (expected === golden.contextOverlapping) expect(beyondReach).toBeGreaterThan(5)
  })
})

describe('extendLabels', () => {
  const size = { height: 128, width: 256 }
  const config = () => contextConfig({ longSide: 256, positionSigma: 120 })

  it('labels two coloured halves exactly, from a window in each', async () => {
    const input = halves(size, 48)
    const extension = await extendLabels(input, config())
    const { addedPixels, correctPixels, judgedPixels } = judgeExtension(extension, input.truth)
    expect(addedPixels).toBe(128 * 256 - 2 * 48 * 48)
    expect([correctPixels, judgedPixels]).toEqual([addedPixels, addedPixels])
    expect(Math.min(...extension.confidence.filter((_, i) => extension.classes[i] !== IGNORE))).toBeGreaterThanOrEqual(
      0.95,
    )
  })

  it('adds nothing to a wholly labelled image, nor to one without labels', async () => {
    const input = halves(size, 48)
    const pixels = size.height * size.width
    const all = { ...input, classes: input.truth, provenance: new Uint8Array(pixels).fill(PROVENANCE.human) }
    const none = { ...input, classes: new Uint8Array(pixels).fill(IGNORE), provenance: new Uint8Array(pixels) }
    for (const labels of [all, none]) {
      for (const mode of [config(), { ...paperConfig(), longSide: 64 }]) {
        expect((await extendLabels(labels, mode)).classes.every((id) => id === IGNORE)).toBe(true)
      }
    }
  })

  it('never spreads void: void patches are no keys', async () => {
    const input = halves(size, 48)
    // The right window is void: its half has only the red keys, out of reach or unlike.
    for (let i = 0; i < input.classes.length; i++) if (input.classes[i] === 1) input.classes[i] = IGNORE
    const near = { ...config(), positionSigma: 30 }
    const { classes } = await extendLabels(input, near)
    expect(classes.includes(1)).toBe(false)
    expect(classes.subarray(60 * 256 + 160, 60 * 256 + 256).every((id) => id === IGNORE)).toBe(true)
  })

  it('does not chain: extended labels are no keys', async () => {
    const input = halves(size, 48)
    const once = await extendLabels(input, config())
    const provenance = input.provenance.map((value, i) => (once.classes[i] === IGNORE ? value : PROVENANCE.extended))
    const wrong = input.classes.map((id, i) => (once.classes[i] === IGNORE ? id : 1 - once.classes[i]))
    expect(await extendLabels({ ...input, classes: wrong, provenance }, config())).toEqual(once)
  })

  it('the network vetoes where it is sure of another class', async () => {
    const input = halves(size, 48)
    const prediction = new Uint8Array(size.height * size.width) // class 0 everywhere
    const confidence = Float32Array.from(prediction, (_, i) => (i < 64 * 256 ? 0.5 : 0.49))
    const { classes } = await extendLabels({ ...input, prediction, confidence }, config())
    for (let r = 0; r < 128; r++) {
      if (r >= 40 && r < 88) continue // rows of the labelled windows
      expect(classes[r * 256 + 10]).toBe(0)
      expect(classes[r * 256 + 250]).toBe(r < 64 ? IGNORE : 1)
    }
  })

  it('leaves out classes with too small a share of the labelled pixels', async () => {
    const input = halves(size, 48)
    for (let i = 0; i < input.classes.length; i++) {
      // Class 1 keeps one 8x8 patch: 64 of 2368 labelled pixels, 2.7%.
      if (input.classes[i] !== 1) continue
      const [r, c] = [Math.floor(i / 256), i % 256]
      if (r >= 48 && r < 56 && c >= 184 && c < 192) continue
      input.classes[i] = IGNORE
      input.provenance[i] = PROVENANCE.none
    }
    expect((await extendLabels(input, { ...config(), classShare: 0.02 })).classes.includes(1)).toBe(true)
    expect((await extendLabels(input, { ...config(), classShare: 0.03 })).classes.includes(1)).toBe(false)
  })

  it('maps back when the working copy is smaller or larger than the image', async () => {
    for (const longSide of [128, 512]) {
      const input = halves(size, 48)
      const extension = await extendLabels(input, { ...config(), longSide })
      const { addedPixels, correctPixels } = judgeExtension(extension, input.truth)
      expect(addedPixels).toBeGreaterThan(0.95 * (128 * 256 - 2 * 48 * 48))
      expect(correctPixels).toBe(addedPixels)
    }
  })
})

describe('working copy', () => {
  it('scales the long side up or down', async () => {
    expect(workingSize({ height: 360, width: 480 }, 512)).toEqual({ height: 384, width: 512 })
    expect(workingSize({ height: 1024, width: 512 }, 512)).toEqual({ height: 512, width: 256 })
  })

  it('takes the nearest label, and only what a person or the oracle gave', async () => {
    const { human, extended } = PROVENANCE
    const copy = workingCopy(
      {
        rgb: new Uint8Array(12),
        classes: Uint8Array.of(1, 2, IGNORE, 3),
        provenance: Uint8Array.of(human, extended, human, human),
        size: { height: 1, width: 4 },
      },
      4,
    )
    expect([...copy.classes]).toEqual([1, IGNORE, IGNORE, 3])
    expect([...copy.labelled]).toEqual([1, 0, 1, 1])
  })

  it('CIELAB agrees with the definitions; white is (1, 0, 0)', async () => {
    const lab = scaledLab(Uint8Array.from(golden.lab.rgb))
    for (const [i, value] of golden.lab.lab.entries()) expect(lab[i]).toBeCloseTo(value, 6)
    for (const [i, value] of scaledLab(Uint8Array.of(255, 255, 255)).entries()) expect(value).toBeCloseTo(i ? 0 : 1, 4)
  })
})
