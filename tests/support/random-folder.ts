/** A whole folder drawn at random: layout, names, coding, class file and a fault, with all that it holds in truth. */
import type { Size } from '../../src/domain/size'
import { type RandomStream, randomStream } from '../../src/math/random'
import {
  bands,
  colored,
  type Files,
  grey,
  imageAt,
  photoPng,
  softDisc,
  type Truth,
  VOID,
  withPixels,
} from './draw-folder'
import { type Coding, randomClassFile, randomCoding, STRAY } from './random-codings'
import { type Layout, type Place, pick, randomLayout, type SplitName } from './random-layouts'

export interface RandomFolder {
  /** How it was drawn, for people. */
  recipe: string
  files: Files
  /** What may come of it: any of these is right. */
  truths: Truth[]
  /** Files that a sentence must name. */
  mustBeNamed: string[]
  /** The image and mask that have a fault; null without one. */
  faulty: string[] | null
}

/** Ids of rectangles over bands; each class has a good part of the first masks. */
function randomIds(random: RandomStream, { classCount, hasVoid }: Coding, size: Size, index: number): Uint8Array {
  const { height, width } = size
  const ids = index < 2 ? bands(classCount, size) : new Uint8Array(height * width).fill(random.below(classCount))
  for (let rectangle = 0; rectangle < 3; rectangle++) {
    const isVoid = hasVoid && rectangle === 2
    const id = isVoid ? VOID : random.below(classCount)
    const [top, left] = [random.below(height - 5), random.below(width - 5)]
    const [bottom, right] = [Math.min(height, top + 3 + random.below(6)), Math.min(width, left + 3 + random.below(6))]
    for (let row = top; row < bottom; row++) ids.fill(id, row * width + left, row * width + right)
  }
  return ids
}

interface Draft {
  random: RandomStream
  layout: Layout
  coding: Coding
  places: Place[]
  masks: Uint8Array[]
  size: Size
  files: Files
  truth: Truth
  mustBeNamed: string[]
  /** More files that the fault brings. */
  more: string[]
  /** Other truths that are right too. */
  others: Truth[]
}

/** Changes the draft; false where the fault does not fit. */
type Fault = (draft: Draft, at: number) => boolean | Promise<boolean>

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** The last image's mask is not read, for which its file must be named: with its image or without. */
function withoutMask({ truth, places, mustBeNamed }: Draft, at: number): true {
  truth.masks[places[at].image] = null
  mustBeNamed.push(places[at].mask)
  return true
}

const FAULTS: Record<string, Fault> = {
  'a stray value': ({ coding, files, places, masks, size, mustBeNamed, truth }, at) => {
    if (!coding.canStray) return false
    const strays = { 3: STRAY, 4: STRAY }
    files[places[at].mask] = coding.write(Uint8Array.from(withPixels(masks[at], strays)), size)
    const ids = Uint8Array.from(withPixels(masks[at], { 3: VOID, 4: VOID }))
    truth.masks[places[at].image] = { path: places[at].mask, ids }
    mustBeNamed.push(places[at].mask)
    return true
  },
  'a missing mask': ({ files, places, truth }, at) => {
    delete files[places[at].mask]
    truth.masks[places[at].image] = null
    return true
  },
  'a mask without an image': ({ layout, files, places, truth, mustBeNamed }, at) => {
    if (!layout.isLoose) return false
    const { image, mask } = places[at]
    delete files[image]
    delete truth.masks[image]
    mustBeNamed.push(mask)
    return true
  },
  'thumbnails of a NAS': async ({ files, places }) => {
    for (const { image } of places) {
      const name = image.slice(folderOf(image).length)
      files[`${folderOf(image)}@eaDir/${name}/SYNOPHOTO_THUMB_M.jpg`] = await imageAt('x.jpg', 9, {
        height: 9,
        width: 12,
      })
    }
    files['Thumbs.db'] = 'x'
    return true
  },
  'a damaged mask': (draft, at) => {
    const { files, places } = draft
    const bytes = files[places[at].mask] as Uint8Array
    files[places[at].mask] = bytes.slice(0, bytes.length - 30)
    return withoutMask(draft, at)
  },
  'a mask of another size': (draft, at) => {
    const { files, places, coding } = draft
    files[places[at].mask] = coding.write(bands(coding.classCount, { height: 10, width: 14 }), {
      height: 10,
      width: 14,
    })
    return withoutMask(draft, at)
  },
  'an empty image': ({ files, places, truth, mustBeNamed }, at) => {
    files[places[at].image] = new Uint8Array()
    delete truth.masks[places[at].image]
    mustBeNamed.push(places[at].image)
    return true
  },
  'a photo in the place of a mask': (draft, at) => {
    draft.files[draft.places[at].mask] = photoPng(99, draft.size)
    return withoutMask(draft, at)
  },
  'an image more, in another format': async ({ files, places, truth, others, size, more }, at) => {
    const { image, mask } = places[at]
    const twin = image.replace(/\.\w+$/, /\.webp$/i.test(image) ? '.jpeg' : '.webp')
    files[twin] = await imageAt(twin, 77, size)
    const split = truth.splits?.[image]
    const splits = { ...truth.splits, ...(split && { [twin]: split }) }
    const its = truth.masks[image]
    truth.masks[twin] = null
    more.push(twin)
    if (its) others.push({ ...truth, splits, masks: { ...truth.masks, [twin]: { path: mask, ids: its.ids } } })
    return true
  },
  'texts beside': ({ files }) => {
    files['README.md'] = '# A set\nof images\n'
    files['notes.txt'] = 'drawn by hand\non a rainy day, in a hurry\n'
    files['.DS_Store'] = 'x'
    return true
  },
  visualisations: async ({ layout, files, places, truth, size, more }) => {
    if (!layout.isLoose) return false
    for (const [i, { image }] of places.slice(0, 2).entries()) {
      const path = `visualisation/${image.slice(folderOf(image).length).replace(/\.\w+$/, '.jpg')}`
      files[path] = await imageAt(path, 50 + i, size)
      truth.masks[path] = null
      more.push(path)
    }
    return true
  },
  'the masks again in other colours': ({ layout, coding, files, places, masks, size }) => {
    if (!layout.isLoose || coding.hasVoid) return false
    for (const [i, { mask }] of places.entries()) {
      files[mask.replace('/', '_color/')] = colored(masks[i], (id) => [40 * id, 255 - 40 * id, 90], size)
    }
    return true
  },
  'an image of a phone': ({ files, places, mustBeNamed }) => {
    const path = `${folderOf(places[0].image)}IMG_9.heic`
    files[path] = new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0mif1heic')
    mustBeNamed.push(path)
    return true
  },
  'one mask with soft edges': ({ coding, files, places, truth, size }, at) => {
    if (coding.name !== 'black and white') return false
    const soft = softDisc(6, 1, size)
    files[places[at].mask] = grey(soft, size)
    truth.masks[places[at].image] = { path: places[at].mask, ids: soft.map((value) => (value < 128 ? 0 : 1)) }
    return true
  },
}

/** Number `index` of the folders of a seed. */
export async function randomFolder(seed: number, index: number): Promise<RandomFolder> {
  const random = randomStream(seed, 'folder', index)
  const layout = randomLayout(random)
  const coding = randomCoding(random, layout.codings)
  const size = { height: 18 + random.below(15), width: 24 + random.below(25) }
  const count = 5 + random.below(4)
  const places = Array.from({ length: count }, (_, i) => layout.place(i, i < count - 2 ? 'train' : 'val'))
  const masks = places.map((_, i) => randomIds(random, coding, size, i))
  const classFile = randomClassFile(random, coding, places, layout.classFile)
  const truth: Truth = { masks: {}, ...(classFile.classes && { classes: classFile.classes }) }
  const files: Files = { ...classFile.files, ...layout.lists?.(places) }
  const splits: Record<string, SplitName> = {}
  for (const [i, { image, mask, split }] of places.entries()) {
    files[image] = await imageAt(image, index * 10 + i, size)
    files[mask] = coding.write(masks[i], size)
    truth.masks[image] = { path: mask, ids: masks[i] }
    if (split) splits[image] = split
  }
  truth.splits = splits
  const draft: Draft = {
    random,
    layout,
    coding,
    places,
    masks,
    size,
    files,
    truth,
    mustBeNamed: [],
    more: [],
    others: [],
  }
  const fault = await addFault(draft)
  const recipe = `${index}: ${layout.name}; ${coding.name} of ${coding.classCount} classes; class file: ${classFile.name}; ${fault?.name ?? 'no fault'}`
  const { mustBeNamed, more, others } = draft
  const faulty = fault && [fault.at.image, fault.at.mask, ...mustBeNamed, ...more]
  return { recipe, files, truths: [truth, ...others], mustBeNamed, faulty }
}

/** A fault that fits, in half of the folders, or null. */
async function addFault(draft: Draft): Promise<{ name: string; at: Place } | null> {
  const { random, places } = draft
  if (random.below(2) === 0) return null
  // The first two masks show every class, and each split keeps an image.
  const at = 2 + random.below(places.length - 4)
  for (let attempt = 0; attempt < 20; attempt++) {
    const name = pick(random, Object.keys(FAULTS))
    if (await FAULTS[name](draft, at)) return { name, at: places[at] }
  }
  return null
}
