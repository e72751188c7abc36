/** What the studio writes, opened again: zips of labels; and weights files, written by hand. */
import { strFromU8, unzipSync } from 'fflate'
import { emptyRaster, pixelLabel } from '../../src/annotation/raster'
import { Stroke } from '../../src/annotation/stroke'
import type { ExportFormat } from '../../src/domain/export'
import { PROVENANCE } from '../../src/domain/labels'
import { buildEncoder } from '../../src/model/encoders'
import { type Files, VOID } from './draw-folder'
import { service, type Taken, take } from './take-folder'

const signal = new AbortController().signal

/** Imports a folder and takes its masks as labels. */
export async function takeLabelled(files: Files): Promise<Taken> {
  const taken = await take(files)
  if (!taken.report) throw new Error(taken.sentences.map(({ text }) => text).join(' '))
  await service.takeMasks({ projectId: taken.report.project.id }, () => {}, signal)
  return taken
}

/** The files of a project's export. */
export async function exported({ report }: Taken, format: ExportFormat): Promise<Record<string, Uint8Array>> {
  const projectId = report?.project.id ?? ''
  const result = await service.exportLabels({ projectId, format, runId: null, extended: 'out' }, () => {}, signal)
  if (!result) throw new Error('nothing was exported')
  return unzipSync(new Uint8Array(await result.zip.arrayBuffer()))
}

/** Labels all images with class ids, as a person would by one stroke on each. */
export async function label({ images }: Taken, idsOf: (name: string) => Uint8Array): Promise<void> {
  for (const { id: imageId, name, size } of images) {
    const ids = idsOf(name)
    const stroke = new Stroke(emptyRaster(size))
    for (const [i, classId] of ids.entries()) {
      const column = i % size.width
      if (classId === VOID) continue
      stroke.fill(Math.floor(i / size.width), column, column + 1, pixelLabel(classId, PROVENANCE.human))
    }
    const patch = stroke.finish()
    if (!patch) throw new Error(`nothing to label in ${name}`)
    await service.appendStroke({ imageId, head: 0, stroke: { id: 's', at: 1, tool: 'Brush', patch } })
  }
}

/** The lines of a text file, without the empty one at its end. */
export function linesOf(file: Uint8Array): string[] {
  return strFromU8(file).replace(/\n$/, '').split('\n')
}

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Paths that Windows cannot unpack, or that are one file on a disk that knows no case or one form of Unicode. */
export function unfitPaths(paths: readonly string[]): string[] {
  const unfit = new Set<string>()
  const seen = new Set<string>()
  for (const path of paths) {
    for (const part of path.split('/')) {
      if (/[<>:"|?*\\]/.test(part) || [...part].some((letter) => letter < ' ')) unfit.add(path)
      if (RESERVED.test(part) || /[. ]$/.test(part)) unfit.add(path)
    }
    const folded = path.normalize('NFC').toLowerCase()
    if (seen.has(folded)) unfit.add(path)
    seen.add(folded)
  }
  return [...unfit]
}

/** A tensor: its name, its type in safetensors, its bytes; of one dimension. */
type Tensor = readonly [name: string, type: string, shape: number, bytes: Uint8Array]

/** Names of the tensors of a small MobileNetV2. */
const WEIGHT_NAMES = buildEncoder({
  encoder: 'mobilenetv2',
  width: 0.25,
  channels: 8,
  separable: true,
  firstExpansion: true,
}).layers.flatMap(({ conv, norm }) => [`${conv}.weight`, `${norm}.weight`])

/** A safetensors file of an encoder, and of more tensors; those of a known name take its place. */
export function weightsFile(...more: readonly Tensor[]): ArrayBuffer {
  const one = new Uint8Array(Float32Array.of(1).buffer)
  const all = new Map(WEIGHT_NAMES.map((name): [string, Tensor] => [name, [name, 'F32', 1, one]]))
  for (const tensor of more) all.set(tensor[0], tensor)
  let offset = 0
  const header: Record<string, unknown> = {}
  for (const [name, dtype, shape, bytes] of all.values()) {
    header[name] = { dtype, shape: [shape], data_offsets: [offset, offset + bytes.length] }
    offset += bytes.length
  }
  const json = JSON.stringify(header)
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8))
  const length = new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer)
  return Uint8Array.of(...length, ...text, ...[...all.values()].flatMap(([, , , bytes]) => [...bytes])).buffer
}
