/** Words for numbers of masks. */
import type { ClassDefinition } from '../../domain/classes'
import { hexColor } from '../../domain/color'
import { countOf } from '../layouts/paths'
import { ODD_COLOR, type Sheet, TRANSPARENT } from './types'

/** "12 %", "0.4 %". */
export function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 || value === 0 ? Math.round(value) : Number(value.toPrecision(1))} %`
}

export function channels(code: number): [number, number, number] {
  return [(code >> 16) & 255, (code >> 8) & 255, code & 255]
}

/** A code as the file has it: "128", "(128, 0, 0)". */
export function codeText(view: Sheet['view'], code: number): string {
  if (code === TRANSPARENT) return 'transparent'
  return view === 'colors' || code >= ODD_COLOR ? `(${channels(code).join(', ')})` : String(code)
}

export function codeName(view: Sheet['view'], code: number): string {
  return view === 'colors' ? hexColor(channels(code)) : `value ${code}`
}

/** "42 on 5 pixels, 43 on 1 pixel, 7 more", the most frequent first. */
export function codesWithPixels(sheet: Sheet, codes: readonly (readonly [number, number])[]): string {
  const sorted = [...codes].sort((a, b) => b[1] - a[1])
  const listed = sorted
    .slice(0, 4)
    .map(([code, pixels]) => `${codeText(sheet.view, code)} on ${countOf(pixels, 'pixel')}`)
  if (sorted.length > 4) listed.push(`${sorted.length - 4} more`)
  return listed.join(', ')
}

export function totalShare(sheets: readonly Sheet[], code: number): number {
  const pixels = sheets.reduce((sum, sheet) => sum + sheet.pixels, 0)
  return sheets.reduce((sum, { counts }) => sum + (counts.get(code) ?? 0), 0) / Math.max(1, pixels)
}

export function freeName(name: string, classes: readonly ClassDefinition[]): string {
  return classes.some((other) => other.name === name) ? `${name} (2)` : name
}
