import { describe, expect, it } from 'vitest'
import type { ClassDefinition } from '../domain/classes'
import { type LabelRecord, PROVENANCE } from '../domain/labels'
import { colorRamp } from './color-ramp'
import { paintClasses, paintLabels, paintMap } from './paint'

const palette: ClassDefinition[] = [
  { name: 'road', color: [128, 64, 128] },
  { name: 'sky', color: [70, 130, 180] },
]
const pixel = (pixels: Uint8ClampedArray, index: number) => [...pixels.slice(4 * index, 4 * index + 4)]

describe('paintClasses', () => {
  it('colours classes and leaves void transparent, or gives it a colour', () => {
    const pixels = paintClasses(new Uint8Array([1, 255, 0]), palette)
    expect([0, 1, 2].map((index) => pixel(pixels, index))).toEqual([
      [70, 130, 180, 255],
      [0, 0, 0, 0],
      [128, 64, 128, 255],
    ])
    expect(pixel(paintClasses(Uint8Array.of(255), palette, [24, 27, 31]), 0)).toEqual([24, 27, 31, 255])
  })
})

describe('paintMap', () => {
  it('runs through the ramp from low to high', () => {
    const pixels = paintMap({ values: new Uint8Array([0, 255]), max: 2 }, colorRamp('viridis'))
    // Ends of matplotlib's viridis: #440154 and #fde725.
    expect([pixel(pixels, 0), pixel(pixels, 1)]).toEqual([
      [0x44, 0x01, 0x54, 255],
      [0xfd, 0xe7, 0x25, 255],
    ])
  })
})

describe('paintLabels', () => {
  const size = { height: 5, width: 20 }
  const labels = (fill: (x: number, y: number) => [number, number]): LabelRecord => {
    const cells = Array.from({ length: 100 }, (_, i) => fill(i % 20, Math.floor(i / 20)))
    return {
      runId: 'r',
      imageId: 'i',
      size,
      classes: Uint8Array.from(cells.map(([id]) => id)),
      provenance: Uint8Array.from(cells.map(([, source]) => source)),
    }
  }

  it('frames what the oracle gave in white and what a person gave in yellow, and fills it solid', () => {
    for (const [source, frame] of [
      [PROVENANCE.oracle, [255, 255, 255, 255]],
      [PROVENANCE.human, [255, 209, 102, 255]],
    ] as const) {
      const pixels = paintLabels(
        labels((x) => (x < 10 ? [1, source] : [255, PROVENANCE.none])),
        palette,
      )
      expect(pixel(pixels, 9)).toEqual(frame)
      expect(pixel(pixels, 5)).toEqual([70, 130, 180, 255])
      expect(pixel(pixels, 15)).toEqual([0, 0, 0, 0])
    }
  })

  it('hatches what was extended: half the pixels are lighter', () => {
    const pixels = paintLabels(
      labels(() => [0, PROVENANCE.extended]),
      palette,
    )
    const alphas = Array.from({ length: 18 }, (_, x) => pixel(pixels, x)[3])
    expect(alphas.filter((alpha) => alpha === 255)).toHaveLength(9)
    expect(alphas.filter((alpha) => alpha === 70)).toHaveLength(9)
  })

  it('shows labelled void in grey', () => {
    expect(
      pixel(
        paintLabels(
          labels(() => [255, PROVENANCE.oracle]),
          palette,
        ),
        45,
      ),
    ).toEqual([110, 110, 110, 255])
  })
})
