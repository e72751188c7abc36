/** Masks given by their runs of pixels, and what they are found to mean. */
import { expect } from 'vitest'
import type { Answers } from '../../src/domain/dataset'
import { type LabelPng, toClassIds } from '../../src/image/label-png'
import { parseClassFile } from '../../src/import/class-files/class-file'
import { takeCensus } from '../../src/import/classes/census'
import { classIdsOf, findMeaning, type Scheme, storedCoding } from '../../src/import/classes/meaning'

/** A mask of runs: [code, pixels] of values, palette indices or colours. */
export function mask(runs: [number, number][], more: Partial<LabelPng> & { isRgb?: boolean } = {}): LabelPng {
  const codes = runs.flatMap(([code, pixels]) => Array<number>(pixels).fill(code))
  const { isRgb, ...rest } = more
  const size = { height: 1, width: codes.length }
  const colors = isRgb ? Uint8Array.from(codes.flatMap((code) => [code >> 16, (code >> 8) & 255, code & 255])) : null
  const values = isRgb ? null : rest.depth === 16 ? Uint16Array.from(codes) : Uint8Array.from(codes)
  return { size, depth: 8, values, colors, palette: null, alpha: null, ...rest }
}

export const rgb = (...runs: [number, number][]) => mask(runs, { isRgb: true })

export function meaningOf(
  masks: LabelPng[],
  options: {
    file?: [string, string]
    files?: [string, string][]
    scheme?: Scheme
    answers?: Answers
    isLossy?: boolean
  } = {},
) {
  const evidence = masks.map((one, i) => {
    const file = options.files?.[i] ?? options.file
    return {
      census: takeCensus(`p${i}.png`, one, options.isLossy ?? false),
      classFile: file ? parseClassFile(...file) : null,
    }
  })
  const meaning = findMeaning(evidence, options.scheme ?? null, options.answers ?? {})
  const ids = masks.map((one, i) => {
    const reading = meaning.readings.get(`p${i}.png`)
    if (!reading) return null
    const classIds = classIdsOf(one, reading)
    const counts: Record<number, number> = {}
    for (const id of classIds) counts[id] = (counts[id] ?? 0) + 1
    expect(Object.fromEntries(reading.pixels)).toEqual(counts)
    const coding = storedCoding(reading, evidence[i].census)
    if (coding) expect([...toClassIds(one, coding)]).toEqual([...classIds])
    return counts
  })
  return { ...meaning, ids, names: meaning.classes.map(({ name }) => name) }
}
