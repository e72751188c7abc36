/** Archives as tools write them that do not say the encoding of their names. */
import { zipSync } from 'fflate'

/** A zip of files with these names, given as hexadecimal bytes, each file holding its position. */
export function zipOfRawNames(names: readonly string[]): Uint8Array<ArrayBuffer> {
  const raw = names.map((hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
  // Names of the same lengths, to be overwritten.
  const places = raw.map(({ length }, i) => String.fromCharCode(0x61 + i).repeat(length))
  const zip = zipSync(Object.fromEntries(places.map((place, i) => [place, Uint8Array.of(i)])), { level: 0 })
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  for (let at = 0; at + 46 <= zip.length; at++) {
    const signature = view.getUint32(at, true)
    if (signature !== 0x04034b50 && signature !== 0x02014b50) continue
    const start = at + (signature === 0x04034b50 ? 30 : 46)
    zip.set(raw[zip[start] - 0x61], start)
  }
  return new Uint8Array(zip)
}

/** Text in an encoding whose letters are ASCII, with its other characters as bytes in braces: "{955c}.png". */
export function hexOf(name: string): string {
  const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0).toString(16)).join('')
  return name
    .split(/[{}]/)
    .map((part, i) => (i % 2 === 1 ? part : ascii(part)))
    .join('')
}
