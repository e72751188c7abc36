/** Makes a dataset of images and their masks: unique names, splits, and sentences about what is left out. */
import type { ClassDefinition } from '../../domain/classes'
import type { DatasetFormat, FileProblem, Split } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { randomStream } from '../../math/random'
import { byCodeUnits, type Dataset, type DatasetItem, type DatasetMask } from './dataset'
import { countOf, type FolderSplit, type ParsedPath, withoutExtension } from './paths'

export interface FoundImage {
  parsed: ParsedPath
  /** As lists or folders say it; null when nothing does. */
  split: FolderSplit | null
  mask: DatasetMask | null
}

export interface Findings {
  format: DatasetFormat
  /** Sentences: what was recognised, and from which files. */
  notes: readonly string[]
  classes: ClassDefinition[]
  images: readonly FoundImage[]
  /** There are masks, whether or not they can be used. */
  hasMasks: boolean
  problems: readonly FileProblem[]
}

const NO_MASKS = { none: 'There are no masks.', unusable: 'None of the masks can be used.' }

/** Share of the images kept for validation when the folder has no val split, and the seed of the draw. */
const VALIDATION_SHARE = 0.2
const VALIDATION_SEED = 0

/** @returns the dataset; its items are in order of their names */
export function assemble({ format, notes: found, classes, images, hasMasks, problems: before }: Findings): Dataset {
  const notes = [...found]
  const problems = [...before]
  const names = uniqueNames(images.map(({ parsed }) => parsed))
  const named = images
    .map((image) => ({ ...image, name: names.get(image.parsed) ?? image.parsed.path }))
    .sort((a, b) => byCodeUnits(a.name, b.name))
  const isLabelled = ({ mask }: FoundImage) => mask !== null && hasLabels(mask)
  const labelled = withoutTest(named.filter(isLabelled), notes, problems)
  const unmasked = named.filter((image) => !isLabelled(image))
  const isUnlabelled = labelled.length === 0 && !unmasked.some(({ mask }) => mask !== null)
  if (isUnlabelled && images.length > 0)
    notes.push(`${NO_MASKS[hasMasks ? 'unusable' : 'none']} Every image is for labelling by hand.`)
  const item = ({ name, parsed, mask }: (typeof named)[number], split: Split): DatasetItem => {
    return { name, path: parsed.path, mask: mask !== null && hasLabels(mask) ? mask : null, split }
  }
  const splits = chooseSplits(labelled, notes)
  const unlabelled = unmasked.map((image) => item(image, 'train'))
  return {
    format,
    description: notes.join(' '),
    classes,
    items: isUnlabelled ? unlabelled : labelled.map((image, i) => item(image, splits[i])),
    unmasked: isUnlabelled ? [] : unlabelled,
    problems,
  }
}

/** Whether any pixel of the mask has a class; shapes are believed to have some. */
export function hasLabels({ pixels }: DatasetMask): boolean {
  return pixels === null || [...pixels].some(([id, count]) => id !== IGNORE && count > 0)
}

/** Names: the path without extension, or with it where two images differ in nothing else. */
function uniqueNames(images: readonly ParsedPath[]): Map<ParsedPath, string> {
  const uses = new Map<string, number>()
  for (const parsed of images) {
    uses.set(withoutExtension(parsed), (uses.get(withoutExtension(parsed)) ?? 0) + 1)
  }
  return new Map(
    images.map((parsed) => {
      const name = withoutExtension(parsed)
      return [parsed, uses.get(name) === 1 ? name : parsed.path]
    }),
  )
}

type NamedImage = FoundImage & { name: string }

/**
 * Without a split for validation, that for testing takes its place; beside one, its images are left out, each by name.
 */
function withoutTest(images: readonly NamedImage[], notes: string[], problems: FileProblem[]): NamedImage[] {
  const test = images.filter(({ split }) => split === 'test')
  if (test.length === 0 || test.length === images.length) return images.map((image) => ({ ...image }))
  if (!images.some(({ split }) => split === 'val')) {
    notes.push(
      `There is no split for validation: the ${countOf(test.length, 'image')} of the test split take its place.`,
    )
    return images.map((image) => ({ ...image, split: image.split === 'test' ? 'val' : image.split }))
  }
  for (const { parsed } of test) {
    problems.push({
      path: parsed.path,
      problem: `"${parsed.path}" is of the test split; it was left out.`,
      remedy: 'Networks are measured on the images of "val". To use it, put it there or into "train".',
    })
  }
  notes.push(`${countOf(test.length, 'image')} of the test split left out.`)
  return images.filter(({ split }) => split !== 'test')
}

/** The split of each image: as it was found, else a fifth is drawn for validation. */
function chooseSplits(images: readonly NamedImage[], notes: string[]): Split[] {
  const isVal = images.map(({ split }) => split === 'val')
  const validation = isVal.filter(Boolean).length
  if (validation > 0 && validation < images.length) return isVal.map((is) => (is ? 'val' : 'train'))
  const drawn = images.length < 2 ? 0 : Math.max(1, Math.round(images.length * VALIDATION_SHARE))
  if (drawn > 0)
    notes.push(`No split for validation: ${drawn} of ${countOf(images.length, 'image')} were drawn for it.`)
  const order = randomStream(VALIDATION_SEED, 'validation-split').shuffle(images.map((_, i) => i))
  const chosen = new Set(order.slice(order.length - drawn))
  return images.map((_, i) => (chosen.has(i) ? 'val' : 'train'))
}
