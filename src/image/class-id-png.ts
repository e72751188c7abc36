/** Class ids as a PNG file: the form in which masks are stored that did not come as such a file. */
import { encode } from 'fast-png'
import type { LabelCoding } from '../domain/dataset'
import type { Size } from '../domain/size'

/** Every value is the class id of that number, 255 is void. */
export const CLASS_ID_CODING: LabelCoding = { kind: 'index', table: Array.from({ length: 256 }, (_, id) => id) }

/** An 8-bit grey PNG of H*W class ids. */
export function classIdPng(classIds: Uint8Array, size: Size): Blob {
  return new Blob([new Uint8Array(encode({ ...size, data: classIds, depth: 8, channels: 1 }))], { type: 'image/png' })
}
