/**
 * A project that is hard to export: equal names in nested folders, names that become equal without their folders, a rotated photo,
 * classes that look alike or are named like syntax, and labels that are partial everywhere. What is labelled is painted here,
 * pixel by pixel, and known without the app.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { ChangeBuilder } from '../../src/annotation/label-change.ts'
import { PROVENANCE } from '../../src/domain/labels.ts'
import type { LabelChange } from '../../src/domain/strokes.ts'
import { withExifOrientation } from '../support/test-files.ts'

type Color = [number, number, number]

export const CLASSES: { name: string; color: Color }[] = [
  { name: 'road', color: [128, 64, 128] },
  { name: 'vegetation', color: [107, 142, 35] },
  { name: 'sky', color: [70, 130, 180] },
  { name: 'traffic light', color: [250, 170, 30] },
  { name: '#kerb: raised', color: [70, 70, 70] },
]
/** Added while people label: one has the colour that exports give to what is not labelled, one that of the road. */
export const ADDED_CLASSES: { name: string; color: Color }[] = [
  { name: 'car', color: [224, 224, 192] },
  { name: 'wet road', color: [128, 64, 128] },
]
const CAR = 5
const WET_ROAD = 6
const VOID = 255

/** x, y, width, height. */
export type Box = [number, number, number, number]

export interface AwkwardImage {
  path: string
  /** Without its extension, unless another image differs in nothing else. */
  name: string
  /** What layouts with a folder of masks for each split call it: after its file, unless another image there has the same name. */
  inSplit: string
  /** The same in layouts with one folder for all. */
  inAll: string
  split: 'train' | 'val'
  /** Upright. */
  width: number
  height: number
  /** The picture has one class left of this column, another from it on. */
  edge: number
  sides: [left: number, right: number]
  /** EXIF orientation. */
  orientation?: 6
}

function image(
  path: string,
  inSplit: string,
  width: number,
  height: number,
  edge: number,
  sides: [number, number],
): AwkwardImage {
  const name = path.includes('shot.') ? path : path.slice(0, path.lastIndexOf('.'))
  const split = path.includes('/val/') ? 'val' : 'train'
  return { path, name, inSplit, inAll: inSplit, split, width, height, edge, sides } satisfies AwkwardImage
}

export const IMAGES: AwkwardImage[] = [
  image('images/train/a/b/0001.png', 'images_train_a_b_0001', 120, 80, 60, [0, 1]),
  image('images/train/a/b_0001.png', 'b_0001', 90, 70, 40, [1, 2]),
  image('images/train/a/c/0001.png', 'images_train_a_c_0001', 120, 80, 50, [2, 0]),
  image('images/train/a_b/0001.png', 'images_train_a_b_0001_2', 64, 64, 30, [3, 4]),
  { ...image('images/train/Straße/PHONE.JPG', 'PHONE', 64, 96, 24, [2, 1]), orientation: 6 },
  image('images/train/shot.jpeg', 'shot.jpeg', 80, 60, 40, [0, 2]),
  image('images/train/shot.png', 'shot.png', 80, 60, 40, [0, 2]),
  image('images/train/undone.png', 'undone', 96, 64, 48, [1, 0]),
  image('images/train/void.png', 'void', 96, 64, 48, [0, 1]),
  image('images/train/nothing.png', 'nothing', 96, 64, 48, [0, 1]),
  { ...image('images/val/0001.png', '0001', 100, 60, 50, [4, 1]), inAll: 'images_val_0001' },
]

export function imageAt(path: string): AwkwardImage {
  const found = IMAGES.find((each) => each.path === path)
  if (!found) throw new Error(`There is no ${path}`)
  return found
}

/** The class that is in the picture at column `x`. */
export function sceneAt({ edge, sides }: AwkwardImage, x: number): number {
  return sides[x < edge ? 0 : 1]
}

/** RGB of the picture as its file stores it: orientation 6 lays the upright picture on its left side. */
function storedPixels(picture: AwkwardImage): { width: number; height: number; data: Uint8Array } {
  const { width, height, orientation } = picture
  const stored = orientation === 6 ? { width: height, height: width } : { width, height }
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = orientation === 6 ? (stored.height - 1 - x) * stored.width + y : y * width + x
      data.set(CLASSES[sceneAt(picture, x)].color, 3 * at)
    }
  }
  return { ...stored, data }
}

/** Writes the folder. JPEGs are made by the page's browser; the rotated one gets its EXIF here. */
export async function writeProject(folder: string, page: Page): Promise<void> {
  const write = (path: string, content: Uint8Array | string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  write('label_colors.txt', CLASSES.map(({ name, color }) => `${color.join(' ')} ${name}\n`).join(''))
  for (const picture of IMAGES) {
    const { path, width, height, orientation } = picture
    const stored = storedPixels(picture)
    const isJpeg = !path.endsWith('.png')
    const file = isJpeg ? await jpeg(page, stored) : encode({ ...stored, channels: 3, depth: 8 })
    write(path, orientation ? withExifOrientation(file, orientation) : file)
    const truth = Uint8Array.from({ length: width * height }, (_, i) => sceneAt(picture, i % width))
    // Two photos differ in nothing but the extension: their masks are named after the whole file.
    const name = path.includes('shot.') ? path : path.replace(/\.\w+$/, '')
    const mask = `${name.replace('images/', 'labels/')}.png`
    write(mask, encode({ width, height, data: truth, channels: 1, depth: 8 }))
  }
}

async function jpeg(page: Page, stored: { width: number; height: number; data: Uint8Array }): Promise<Uint8Array> {
  return await page.evaluate(async ({ width, height, data }) => {
    const pixels = new ImageData(width, height)
    for (let i = 0; i < width * height; i++) pixels.data.set([...data.subarray(3 * i, 3 * i + 3), 255], 4 * i)
    const canvas = new OffscreenCanvas(width, height)
    canvas.getContext('2d')?.putImageData(pixels, 0, 0)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 })
    return new Uint8Array(await blob.arrayBuffer())
  }, stored)
}

/** The labels of an image as they have to be on the disk. */
export class KnownLabels {
  readonly classes: Uint8Array
  readonly provenance: Uint8Array
  readonly #width: number
  #strokes = 0

  constructor({ width, height }: AwkwardImage) {
    this.#width = width
    this.classes = new Uint8Array(width * height).fill(VOID)
    this.provenance = new Uint8Array(width * height)
  }

  /** Paints a box, and saves the stroke as the label table does. */
  async paint(page: Page, imageId: string, box: Box, classId: number, provenance: number): Promise<void> {
    const patch = this.#fill(box, classId, provenance)
    const head = this.#strokes++
    await page.evaluate(
      ({ imageId, head, patch }) => {
        const stroke = { id: `${imageId} ${head}`, at: Date.now(), tool: 'Box', patch }
        return studio.data.appendStroke({ imageId, head, stroke })
      },
      { imageId, head, patch },
    )
  }

  #fill([left, top, width, height]: Box, classId: number, provenance: number): LabelChange {
    const builder = new ChangeBuilder()
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const i = y * this.#width + x
        const before = this.classes[i] + 256 * this.provenance[i]
        builder.add(i, 1, before, classId + 256 * provenance)
        this.classes[i] = classId
        this.provenance[i] = provenance
      }
    }
    return builder.build()
  }

  /** Takes every stroke back. */
  async undoAll(page: Page, imageId: string): Promise<void> {
    for (; this.#strokes > 0; this.#strokes--) {
      const move = { imageId, from: this.#strokes, to: this.#strokes - 1 }
      await page.evaluate((request) => studio.data.moveHead(request), move)
    }
    this.classes.fill(VOID)
    this.provenance.fill(PROVENANCE.none)
  }
}

/** A box on either side of the edge, of what is there: labels that extension can spread from. */
export function sideBoxes({ edge, height, sides }: AwkwardImage): { box: Box; classId: number }[] {
  const [top, tall] = [Math.floor(height / 4), Math.floor(height / 2)]
  return [
    { box: [edge - 18, top, 16, tall], classId: sides[0] },
    { box: [edge + 2, top, 16, tall], classId: sides[1] },
  ]
}

/** Boxes of the classes that were added, and of void, in three corners: what extension must neither use nor change. */
export function cornerBoxes({ width, height }: AwkwardImage): { box: Box; classId: number }[] {
  return [
    { box: [width - 7, 0, 7, 5], classId: CAR },
    { box: [0, height - 6, 5, 6], classId: WET_ROAD },
    { box: [0, 0, 4, 4], classId: VOID },
  ]
}
