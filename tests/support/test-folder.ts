/** Folders in memory, and what is recognised in them. */
import { encode } from 'fast-png'
import { expect } from 'vitest'
import type { DatasetFormat } from '../../src/domain/dataset'
import { decodeLabelPng, pixelCodes, toClassIds } from '../../src/image/label-png'
import type { Dataset, DatasetMask, FolderReader } from '../../src/import/layouts/dataset'
import { recognise } from '../../src/import/layouts/recognise'

/** A folder in memory; files without content must not be opened. */
function folder(files: Record<string, Uint8Array | string>): FolderReader {
  const open = (path: string) => {
    if (files[path] === undefined) throw new Error(`${path} was opened`)
    return files[path]
  }
  return {
    text: async (path) => String(open(path)),
    bytes: async (path) => open(path) as Uint8Array,
  }
}

export function find(
  paths: string[],
  files: Record<string, Uint8Array | string> = {},
  format?: DatasetFormat,
): Promise<Dataset> {
  return recognise([...paths, ...Object.keys(files)], folder(files), { format, isExhaustive: false })
}

export function grey(...values: number[]): Uint8Array {
  return encode({ width: values.length, height: 1, channels: 1, depth: 8, data: Uint8Array.from(values) })
}

export function palette(colors: number[][], ...values: number[]): Uint8Array {
  return encode({
    width: values.length,
    height: 1,
    channels: 1,
    depth: 8,
    data: Uint8Array.from(values),
    palette: colors,
  })
}

export function rgb(...colors: number[][]): Uint8Array {
  return encode({ width: colors.length, height: 1, channels: 3, depth: 8, data: Uint8Array.from(colors.flat()) })
}

export function pairs({ items }: Dataset): Record<string, string | null> {
  return Object.fromEntries(items.map(({ path, mask }) => [path, mask?.path ?? null]))
}

/** Class ids of a mask in this folder, with every one of its codes known. */
export function idsOf(name: string, mask: DatasetMask | null, masks: Record<string, Uint8Array>): number[] {
  if (!mask) throw new Error(`${name} has no mask`)
  const png = decodeLabelPng(masks[mask.path])
  const { coding, known } = mask.coding
  for (const code of pixelCodes(png, coding.kind)) expect(known).toContain(code)
  return [...toClassIds(png, coding)]
}

export function splits({ items }: Dataset): string[] {
  return items.map(({ name, split }) => `${name} ${split}`)
}
