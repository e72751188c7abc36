/** A record as bytes: its plain values as JSON, followed by the bytes of its arrays and blobs, one after the other. */

/** Kinds of binary values that records hold. */
const ARRAYS = { Uint8Array, Uint16Array, Uint32Array, Float32Array } as const
type ArrayName = keyof typeof ARRAYS

/** Stands in the JSON for a binary value. */
interface Placeholder {
  $binary: ArrayName | 'ArrayBuffer' | 'Blob'
  bytes: number
  /** Media type, of a Blob. */
  type?: string
}

/** Stands in the JSON for a number that JSON lacks: NaN or an infinite one. */
interface NumberPlaceholder {
  $number: string
}

/** The JSON's length comes first. */
const LENGTH_BYTES = 4

/** The record as one Blob; the contents of its blobs are not read into memory. */
export function recordToBlob(record: object): Blob {
  const parts: BlobPart[] = []
  const plain = JSON.stringify(record, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return { $number: String(value) } satisfies NumberPlaceholder
    }
    const placeholder = placeholderOf(value)
    if (placeholder) parts.push(value as BlobPart)
    return placeholder ?? value
  })
  const json = new TextEncoder().encode(plain)
  const length = new DataView(new ArrayBuffer(LENGTH_BYTES))
  length.setUint32(0, json.length)
  return new Blob([length, json, ...parts])
}

function placeholderOf(value: unknown): Placeholder | null {
  if (value instanceof Blob) return { $binary: 'Blob', bytes: value.size, type: value.type }
  if (value instanceof ArrayBuffer) return { $binary: 'ArrayBuffer', bytes: value.byteLength }
  for (const name of Object.keys(ARRAYS) as ArrayName[]) {
    if (value instanceof ARRAYS[name]) return { $binary: name, bytes: value.byteLength }
  }
  return null
}

/**
 * The record from which `recordToBlob` made these bytes. Strings go through `rename`, which can replace ids.
 * @throws SyntaxError or RangeError when the bytes are something else
 */
export async function recordFromBlob(blob: Blob, rename: (text: string) => string): Promise<Record<string, unknown>> {
  const bytes = await blob.arrayBuffer()
  const length = new DataView(bytes).getUint32(0)
  let at = LENGTH_BYTES + length
  const json = new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes, LENGTH_BYTES, length))
  const value: unknown = JSON.parse(json, (_, value: unknown) => (typeof value === 'string' ? rename(value) : value))
  // JSON.parse visits children first, so a walk of its own puts binary values in, in the order in which they were
  // written.
  const restore = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(restore)
    if (typeof node !== 'object' || node === null) return node
    if ('$number' in node) return Number(node.$number)
    if ('$binary' in node) {
      const { $binary, bytes: size, type } = node as Placeholder
      const part = bytes.slice(at, at + size)
      at += size
      if (part.byteLength !== size) throw new RangeError('The record is cut off.')
      if ($binary === 'ArrayBuffer') return part
      if ($binary === 'Blob') return new Blob([part], type ? { type } : {})
      return new ARRAYS[$binary](part)
    }
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, restore(child)]))
  }
  const record = restore(value)
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new SyntaxError('No record.')
  return record as Record<string, unknown>
}
