/** Colour ramps for maps: perceptually even, and told apart by colour-blind eyes too. */
import * as Plot from '@observablehq/plot'

export const RAMPS = { viridis: 'Viridis', inferno: 'Inferno', cividis: 'Cividis', greys: 'Greys' } as const
export type RampName = keyof typeof RAMPS

/** "#rrggbb" or "rgb(r, g, b)" as three bytes. */
function parseColor(color: string): [number, number, number] {
  if (color.startsWith('#')) {
    const value = Number.parseInt(color.slice(1), 16)
    return [value >> 16, (value >> 8) & 255, value & 255]
  }
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue]
}

/** 256 colours from low to high as 768 bytes. Dark is low in every ramp. */
export function colorRamp(name: RampName): Uint8Array {
  const scale = Plot.scale({
    color: { type: 'linear', domain: [0, 255], scheme: name, reverse: name === 'greys' },
  })
  const ramp = new Uint8Array(768)
  for (let i = 0; i < 256; i++) ramp.set(parseColor(String(scale?.apply(i))), 3 * i)
  return ramp
}

/** The ramp as a CSS background. */
export function rampGradient(ramp: Uint8Array): string {
  const stops = [0, 51, 102, 153, 204, 255].map((i) => `rgb(${ramp.slice(3 * i, 3 * i + 3).join(' ')})`)
  return `linear-gradient(90deg, ${stops.join(', ')})`
}
