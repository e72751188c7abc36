/** How many images are in memory at once. */
import { claimedSize } from '../image/file-check'
import type { Folder } from './folder'

/** Images decoded and committed together: bounds what waits for one flush to disk. */
const MOST_IMAGES = 8
/** Pixels decoded together, four bytes each: bounds the memory. A single image may have more. */
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
    // What does not say its size at once may have any.
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
