import type { ClassDefinition } from './classes'

/** A class's colour as "#rrggbb", which colour inputs and canvases take. */
export function hexColor([red, green, blue]: Readonly<ClassDefinition['color']>): string {
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** The colour that "#rrggbb" names. */
export function colorOfHex(hex: string): ClassDefinition['color'] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
