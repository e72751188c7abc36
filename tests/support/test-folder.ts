/** Folders in memory, and what is recognised in them. */
import { encode } from 'fast-png'
import type { ScanRequest } from '../../src/domain/dataset'
import { decodeLabelPng, toClassIds } from '../../src/image/label-png'
import { classIdsOf } from '../../src/import/classes/meaning'
import type { Dataset, DatasetMask } from '../../src/import/layouts/dataset'
import { makePlan } from '../../src/import/make-plan'
import type { ImportPlan } from '../../src/import/plans'

const isNamedMask = (path: string) => /gtFine|annot\/|sem_seg|seg\/(color_)?labels|labels\//.test(path)

/**
 * The plan for a folder of these files. `paths` are files of which only the name counts: masks of two pixels, classes 0
 * and 1, and images that nobody can read.
 */
export function plan(
  paths: string[],
  contents: Record<string, Uint8Array | string> = {},
  choices: Omit<ScanRequest, 'files'> = {},
): Promise<ImportPlan> {
  const named = Object.fromEntries(paths.map((path) => [path, isNamedMask(path) ? grey(0, 1) : '']))
  const files = Object.entries<Uint8Array | string>({ ...named, ...contents }).map(([path, content]) => {
    const part = typeof content === 'string' ? content : new Uint8Array(content)
    return { path, file: new File([part], path.slice(path.lastIndexOf('/') + 1)) }
  })
  return makePlan({ files, keepsUnmasked: false, ...choices }, () => {}, new AbortController().signal)
}

export async function find(...given: Parameters<typeof plan>): Promise<Dataset> {
  return (await plan(...given)).dataset
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

/** Class ids of a mask in this folder, as they will be stored. */
export function idsOf(name: string, mask: DatasetMask | null, masks: Record<string, Uint8Array | string>): number[] {
  if (!mask) throw new Error(`${name} has no mask`)
  const png = decodeLabelPng(masks[mask.path] as Uint8Array)
  if (mask.source.kind === 'shapes') throw new Error(`${mask.path} holds shapes`)
  return [...(mask.source.kind === 'file' ? toClassIds(png, mask.source.coding) : classIdsOf(png, mask.source.reading))]
}

export function splits({ items }: Dataset): string[] {
  return items.map(({ name, split }) => `${name} ${split}`)
}
