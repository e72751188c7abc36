/** Groups images into batches, so that few large ones are in memory at once. */
import { claimedSize } from '../image/file-check'
import type { Folder } from './files/folder'

/** Images that are decoded and committed together: bounds how many wait for one flush to the disk. */
const MOST_IMAGES = 8
/** Pixels that are decoded together, four bytes each: bounds the memory. A single image may have more. */
const MOST_PIXELS = 100e6

/** The items in order, in batches that are small where images are large. */
export async function* inBatches<Item extends { path: string }>(
  items: readonly Item[],
  folder: Folder,
): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  let pixels = 0
  for (const item of items) {
    const size = claimedSize(await folder.head(item.path))
    // An image whose size is not known at once may have any.
    const claimed = size ? size.height * size.width : MOST_PIXELS
    if (batch.length === MOST_IMAGES || (batch.length > 0 && pixels + claimed > MOST_PIXELS)) {
      yield batch
      batch = []
      pixels = 0
    }
    batch.push(item)
    pixels += claimed
  }
  if (batch.length > 0) yield batch
}
