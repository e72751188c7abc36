/**
 * Makes a dataset of the images and masks that were found: pairs, splits, unique names, and sentences about files that
 * do not fit.
 */
import type { ClassDefinition } from '../../domain/classes'
import type { DatasetFormat, FileProblem, Split } from '../../domain/dataset'
import { randomStream } from '../../math/random'
import { byCodeUnits, type Dataset, type DatasetItem, type DatasetMask } from './dataset'
import { countOf, type FolderSplit, type ParsedPath, withoutExtension } from './paths'

export interface FoundImage {
  parsed: ParsedPath
  split: FolderSplit | null
  /** Equal for an image and its mask. */
  key: string
}

export interface Findings {
  format: DatasetFormat
  /** A sentence: the layout that was recognised, and from which files. */
  recognised: string
  classes: ClassDefinition[]
  images: FoundImage[]
  /** Masks by key; several under one key are ambiguous. */
  masks: ReadonlyMap<string, DatasetMask[]>
  problems?: FileProblem[]
}

/** Share of the images kept for validation when the folder has no val split, and the seed of the draw. */
const VALIDATION_SHARE = 0.2
const VALIDATION_SEED = 0

/** @returns the dataset; its items are in order of their names */
export function assemble(findings: Findings): Dataset {
  const { format, classes, masks } = findings
  const problems = [...(findings.problems ?? [])]
  const notes = [findings.recognised]
  const images = withoutTestSplit(findings.images, notes)
  const names = uniqueNames(images)
  const named = (pairs: Pair[]) =>
    pairs
      .map(({ image, mask }) => ({ image, mask, name: names.get(image) ?? image.parsed.path }))
      .sort((a, b) => byCodeUnits(a.name, b.name))
  const { pairs, unmasked } = pairWithMasks(images, masks, problems)
  const items = named(pairs)
  const splits = chooseSplits(items, masks.size > 0, notes)
  reportMasksWithoutImage(findings, problems)
  return {
    format,
    description: notes.join(' '),
    classes,
    items: items.map(
      ({ image, mask, name }): DatasetItem => ({
        name,
        path: image.parsed.path,
        mask,
        split: splits.get(name) ?? 'train',
      }),
    ),
    unmasked: named(unmasked).map(({ image, mask, name }) => ({ name, path: image.parsed.path, mask, split: 'train' })),
    problems,
  }
}

/**
 * Leaves out a test split, whose images have no public labels; a folder that is nothing but "test" is somebody's own.
 */
function withoutTestSplit(images: FoundImage[], notes: string[]): FoundImage[] {
  const kept = images.filter(({ split }) => split !== 'test')
  if (kept.length === 0 || kept.length === images.length) return images
  notes.push(`${countOf(images.length - kept.length, 'image')} of the test split left out.`)
  return kept
}

/** Names: the path without extension, or with it where two images differ in nothing else. */
function uniqueNames(images: FoundImage[]): Map<FoundImage, string> {
  const uses = new Map<string, number>()
  for (const { parsed } of images) {
    uses.set(withoutExtension(parsed), (uses.get(withoutExtension(parsed)) ?? 0) + 1)
  }
  return new Map(
    images.map((image) => {
      const name = withoutExtension(image.parsed)
      return [image, uses.get(name) === 1 ? name : image.parsed.path]
    }),
  )
}

interface Pair {
  image: FoundImage
  mask: DatasetMask | null
}

/** `unmasked`: images without a mask where others have one. */
function pairWithMasks(
  images: FoundImage[],
  masks: Findings['masks'],
  problems: FileProblem[],
): { pairs: Pair[]; unmasked: Pair[] } {
  if (masks.size === 0) return { pairs: images.map((image) => ({ image, mask: null })), unmasked: [] }
  const pairs: Pair[] = []
  const unmasked: Pair[] = []
  for (const image of images) {
    const path = image.parsed.path
    const found = masks.get(image.key) ?? []
    if (found.length === 1) pairs.push({ image, mask: found[0] })
    else if (found.length === 0) unmasked.push({ image, mask: null })
    else {
      problems.push({
        path,
        problem: `"${path}" could belong to ${found.map((mask) => `"${mask.path}"`).join(' or ')}; it was left out.`,
        remedy: 'Keep one mask for each image, in folders that mirror the image folders.',
      })
    }
  }
  return { pairs, unmasked }
}

function reportMasksWithoutImage({ images, masks }: Findings, problems: FileProblem[]): void {
  const keys = new Set(images.map(({ key }) => key))
  for (const [key, found] of masks) {
    if (keys.has(key)) continue
    for (const { path } of found) {
      problems.push({
        path,
        problem: `The mask "${path}" has no image; it was left out.`,
        remedy: 'Add the image under the same name, or remove the mask.',
      })
    }
  }
}

function chooseSplits(
  items: { image: FoundImage; name: string }[],
  isLabelled: boolean,
  notes: string[],
): Map<string, Split> {
  const validation = items.filter(({ image }) => image.split === 'val')
  if (!isLabelled) {
    if (items.length > 0) notes.push('There are no masks: every image is for labelling by hand.')
    return new Map(items.map(({ name }) => [name, 'train']))
  }
  if (validation.length > 0 && validation.length < items.length) {
    return new Map(items.map(({ image, name }) => [name, image.split === 'val' ? 'val' : 'train']))
  }
  const drawn = items.length < 2 ? 0 : Math.max(1, Math.round(items.length * VALIDATION_SHARE))
  if (drawn > 0) notes.push(`No split for validation: ${drawn} of ${countOf(items.length, 'image')} were drawn for it.`)
  const shuffled = randomStream(VALIDATION_SEED, 'validation-split').shuffle(items)
  const chosen = new Set(shuffled.slice(shuffled.length - drawn))
  return new Map(items.map((item) => [item.name, chosen.has(item) ? 'val' : 'train']))
}
