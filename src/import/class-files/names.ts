/** Names of classes as files write them. */
import { type Color, colorOfHex, isHexColor } from '../../domain/color'

/** A class as a file lists it. */
export interface RawEntry {
  name: string
  color: Color | null
  /** The value in masks, where the file says one. */
  value: number | null
}

/** A class as the import takes it from a file. */
export interface ClassEntry {
  /** On one line, and no other entry's. */
  name: string
  /** null where the file gives none, or where the colour's pixels are another entry's. */
  color: Color | null
  /** Its pixels belong to no class. */
  isVoid: boolean
  /** Value in masks of values: said by the file, else the position among its entries. */
  value: number
  isValueSaid: boolean
}

const VOID_NAME = /^(ignored?|void|unlabell?ed|unknown|unannotated|dummy\d*)$/
const BACKGROUND_NAME = /^(background|backgrounds|bg|hintergrund|fond|fondo|背景|배경)$/

/** The name on one line, without control characters. */
export function oneLine(name: string): string {
  return name
    .replace(/[\s\u0085\u2028\u2029]+/gu, ' ')
    .replace(/\p{Cc}|\uFEFF/gu, '')
    .trim()
}

/** Whether pixels of this name belong to no class. */
export function isVoidName(name: string): boolean {
  return VOID_NAME.test(plain(name))
}

export function isBackgroundName(name: string): boolean {
  return BACKGROUND_NAME.test(plain(name))
}

/** Lower case, without blanks, dashes and the like. */
export function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** A colour as text: "#rrggbb", "0xrrggbb", "r, g, b", "(r g b)", "rgb(r,g,b)", with an alpha or without; null for anything else. */
export function colorOfText(text: string): Color | null {
  const hex = text
    .trim()
    .replace(/^0x(?=[0-9a-f]{6}$)/i, '#')
    .replace(/^(#[0-9a-f]{6})[0-9a-f]{2}$/i, '$1')
  if (isHexColor(hex)) return colorOfHex(hex)
  const inner = /^(?:rgba?)?\s*[[({]?\s*(\d+[\s,;]+\d+[\s,;]+\d+(?:[\s,;]+\d+)?)\s*[\])}]?$/i.exec(text.trim())
  return inner ? colorOfChannels(inner[1].split(/[\s,;]+/)) : null
}

/** null for fractions and other numbers than bytes: no colour is better than a wrong one. An alpha counts for nothing. */
export function colorOfChannels(channels: readonly unknown[]): Color | null {
  const [red, green, blue] = channels.slice(0, 3).map((channel) => (channel === '' ? Number.NaN : Number(channel)))
  const isByte = (channel: number) => Number.isInteger(channel) && channel >= 0 && channel <= 255
  return isByte(red) && isByte(green) && isByte(blue) ? [red, green, blue] : null
}
