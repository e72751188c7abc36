/** Colours as numbers and as text. */

/** sRGB: red, green and blue, 0..255. */
export type Color = [red: number, green: number, blue: number]

/** Colour of pixels without a class, void included, wherever classes are drawn in their colours. */
export const VOID_COLOR: Readonly<Color> = [110, 110, 110]

/** "#rrggbb". */
export function hexColor(color: Readonly<Color>): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** Whether a text is a colour that `colorOfHex` reads. */
export function isHexColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text)
}

/** @param hex "#rrggbb" */
export function colorOfHex(hex: string): Color {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** "rgb(r g b)", for styles and canvases. */
export function cssColor([red, green, blue]: Readonly<Color>): string {
  return `rgb(${red} ${green} ${blue})`
}
