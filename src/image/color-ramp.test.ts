import * as Plot from '@observablehq/plot'
import { describe, expect, it } from 'vitest'
import { colorOfHex } from '../domain/color'
import { colorRamp, RAMPS, type RampName, rampGradient } from './color-ramp'

const names = Object.keys(RAMPS) as RampName[]

/** The 256 colours of Plot's scheme of that name. */
function schemeOf(name: RampName): number[] {
  const options = { type: 'linear', domain: [0, 255], scheme: name, reverse: name === 'greys' } as const
  const scale = Plot.scale({ color: options })
  return Array.from({ length: 256 }, (_, i) => {
    const color = String(scale?.apply(i))
    return color.startsWith('#') ? colorOfHex(color) : (color.match(/\d+/g) ?? []).map(Number)
  }).flat()
}

describe('colorRamp', () => {
  it.each(names)('%s is the published ramp, to one level of 255', (name) => {
    const published = schemeOf(name)
    expect(published).toHaveLength(768)
    const worst = colorRamp(name).reduce((most, value, i) => Math.max(most, Math.abs(value - published[i])), 0)
    expect(worst).toBeLessThanOrEqual(1)
  })

  it.each(names)('%s rises in lightness', (name) => {
    const ramp = colorRamp(name)
    const luma = Array.from(
      { length: 256 },
      (_, i) => 0.299 * (ramp[3 * i] ?? 0) + 0.587 * (ramp[3 * i + 1] ?? 0) + 0.114 * (ramp[3 * i + 2] ?? 0),
    )
    for (let i = 8; i < 256; i++) expect(luma[i]).toBeGreaterThanOrEqual((luma[i - 8] ?? 0) - 1)
    expect((luma[255] ?? 0) - (luma[0] ?? 0)).toBeGreaterThan(120)
  })
})

it('shows a ramp from its low end to its high end', () => {
  expect(rampGradient(colorRamp('viridis'))).toMatch(
    /^linear-gradient\(90deg, rgb\(68 1 84\), .*, rgb\(253 231 37\)\)$/,
  )
})
