/** Zips that say they are packed by a method which is not DEFLATE. */

/** The zip with another number for the method of its first file: 9 Deflate64, 12 BZIP2, 14 LZMA, 93 Zstandard, 95 XZ, 98 PPMd. */
export function packedBy(method: number, zip: Uint8Array): Uint8Array {
  const changed = zip.slice()
  const view = new DataView(changed.buffer)
  for (let i = 0; i + 30 < changed.length; i++) {
    const signature = view.getUint32(i, true)
    if (signature === 0x04034b50) view.setUint16(i + 8, method, true)
    if (signature === 0x02014b50) view.setUint16(i + 10, method, true)
  }
  return changed
}
