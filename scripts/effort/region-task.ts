/** One region to label, and how right its labels on the disk are. */
import type { Page } from 'playwright-core'
import { applyChange } from '../../src/annotation/label-change'
import { emptyRaster } from '../../src/annotation/raster'
import type { Rectangle, Size } from '../../src/domain/size'
import { Hand } from './hand'

/** A correction is worth a click from this share of the region on. */
export const LEAST_GAIN = 0.004

export interface Effort {
  keys: number
  clicks: number
  seconds: number
  /** Share of the region's pixels with a class in the ground truth that got it. */
  accuracy: number
}

/** One region before the hand. */
export interface Task {
  page: Page
  imageId: string
  size: Size
  area: Rectangle
  /** H*W of the whole image. */
  truth: Uint8Array
  classOrder: readonly number[]
}

export async function classesOnDisk({ page, imageId, size }: Task): Promise<Uint8Array> {
  await page.waitForFunction(
    () => document.querySelector('[data-testid="save-indicator"]')?.textContent?.trim() === 'Saved',
  )
  const history = await page.evaluate((id) => studio.data.labelHistory({ imageId: id, isWriter: false }), imageId)
  const raster = emptyRaster(size)
  if (history.base) applyChange(raster, history.base)
  for (const { seq, patch } of history.strokes) if (seq <= history.head) applyChange(raster, patch)
  return raster.classes
}

async function accuracy(task: Task): Promise<number> {
  const classes = await classesOnDisk(task)
  let right = 0
  let judged = 0
  forPixels(task, (index) => {
    if (task.truth[index] === 255) return
    judged++
    if (classes[index] === task.truth[index]) right++
  })
  return right / judged
}

export function forPixels(
  { area, size }: Pick<Task, 'area' | 'size'>,
  visit: (index: number, x: number, y: number) => void,
): void {
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) visit(y * size.width + x, x, y)
  }
}

export async function handFor({ page, area }: Task): Promise<Hand> {
  const box = await page.getByTestId('label-canvas').boundingBox()
  if (!box) throw new Error('The canvas is not there.')
  // The view flies to the region: its tighter side takes six tenths of the window's.
  const scale = 0.6 * Math.min(box.width / area.width, box.height / area.height)
  return new Hand(page, (x, y) => [
    box.x + box.width / 2 + scale * (x + 0.5 - area.x - area.width / 2),
    box.y + box.height / 2 + scale * (y + 0.5 - area.y - area.height / 2),
  ])
}

/** What the hand spent on a task, and how well. */
export async function effortOf({ keys, clicks, seconds }: Hand, task: Task): Promise<Effort> {
  return { keys, clicks, seconds, accuracy: await accuracy(task) }
}
