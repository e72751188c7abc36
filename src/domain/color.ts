import type { ClassDefinition } from './classes'

/** Colours of classes as "#rrggbb", as inputs and canvases have them. */
export function hexColor([red, green, blue]: Readonly<ClassDefinition['color']>): string {
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

export function colorOfHex(hex: string): ClassDefinition['color'] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
