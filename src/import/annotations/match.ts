/** Finds the images of a folder that annotations are of. */
import type { FileProblem } from '../../domain/dataset'
import { countOf } from '../layouts/paths'
import type { AnnotatedImage, Annotations } from './annotated'

export interface MatchedImages {
  /** By the image's path. */
  byImage: Map<string, AnnotatedImage>
  problems: FileProblem[]
}

interface Candidate {
  path: string
  /** Lower case, in one Unicode form, from the file's name up to the top. */
  segments: string[]
}

/**
 * Annotated images by the paths of the images that they name: by the whole path, by as much of its end as agrees, by the
 * name, by the name without extension; upper and lower case are the same, unless they alone tell images apart. Of several that agree equally, the one nearest
 * to the file of annotations counts, or the one in a folder that its name names. What matches none or several, and an
 * image that is annotated again, is named.
 */
export function matchAnnotated(imagePaths: readonly string[], files: readonly Annotations[]): MatchedImages {
  const byStem = new Map<string, Candidate[]>()
  for (const path of imagePaths) {
    const segments = segmentsOf(path)
    const stem = stemOf(segments[0])
    byStem.set(stem, [...(byStem.get(stem) ?? []), { path, segments }])
  }
  const find = (name: string, file: string) => {
    const segments = segmentsOf(name)
    const best = bestOf(byStem.get(stemOf(segments[0])) ?? [], segments, file)
    const exact = best.filter(({ path }) => fileOf(path) === fileOf(name))
    return exact.length > 0 ? exact : best
  }
  const byImage = new Map<string, AnnotatedImage>()
  const problems: FileProblem[] = []
  for (const { path, images } of files) {
    const [missing, unclear, repeated]: string[][] = [[], [], []]
    for (const image of images) {
      const named = find(image.fileName, path)
      const best = named.length === 0 && image.otherName ? find(image.otherName, path) : named
      if (best.length === 1 && !byImage.get(best[0].path)?.isAnnotated) byImage.set(best[0].path, image)
      else if (image.isAnnotated) {
        const list = best.length === 0 ? missing : best.length === 1 ? repeated : unclear
        list.push(image.fileName)
      }
    }
    problems.push(...problemsOf(path, missing, unclear, repeated))
  }
  return { byImage, problems }
}

function problemsOf(path: string, missing: string[], unclear: string[], repeated: string[]): FileProblem[] {
  const problems: FileProblem[] = []
  const say = (names: string[], what: string, remedy: string) => {
    if (names.length === 0) return
    const which = names.length === 1 ? `"${names[0]}"` : `${countOf(names.length, 'image')}, such as "${names[0]}",`
    problems.push({ path, problem: `"${path}" annotates ${which} ${what}; those annotations were left out.`, remedy })
  }
  say(missing, 'which this folder does not hold', 'Add the images under the names that the file gives.')
  say(unclear, 'by a name that several images here have', 'Write folders into the names in the file, or rename images.')
  say(repeated, 'which another entry annotates already', 'Keep one annotation file, or one entry, for each image.')
  return problems
}

function fileOf(path: string): string {
  return path.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
}

/** The candidates that agree best: one, or several that agree equally. */
function bestOf(candidates: readonly Candidate[], segments: readonly string[], file: string): Candidate[] {
  if (candidates.length < 2) return [...candidates]
  const near = segmentsOf(file)
  const ranks = candidates.map((candidate) => [
    candidate.segments[0] === segments[0] ? 1 : 0,
    commonLength(candidate.segments.slice(1), segments.slice(1)),
    candidate.segments.length === segments.length ? 1 : 0,
    commonLength(candidate.segments.slice(1).reverse(), near.slice(1).reverse()),
    candidate.segments.slice(1).filter((folder) =>
      stemOf(near[0])
        .split(/[^\p{L}\p{N}]+/u)
        .includes(folder),
    ).length,
  ])
  const best = ranks.reduce((a, b) => (compare(a, b) >= 0 ? a : b))
  return candidates.filter((_, i) => compare(ranks[i], best) === 0)
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at] - b[at]
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((segment, i) => segment !== b[i])
  return differs < 0 ? a.length : differs
}

/** A path, or an address in the net, from the file's name up to the top. */
function segmentsOf(name: string): string[] {
  const isAddress = /^\w+:\/\//.test(name)
  const path = isAddress ? decoded(name.replace(/[?#].*$/, '')) : name
  const segments: string[] = []
  for (const segment of path.normalize('NFC').toLowerCase().split(/[\\/]/)) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.reverse()
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    // A stray percent sign: the name is meant as it stands.
    return address
  }
}

function stemOf(name = ''): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}
