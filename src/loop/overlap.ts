/** The three steps that `overlap` takes with each item. */
export interface ItemSteps<Item, Data, Result> {
  read(item: Item): Promise<Data>
  compute(item: Item, data: Data): Promise<Result>
  write(item: Item, result: Result): Promise<void>
}

/**
 * Goes through the items in order: while one is computed, the next is read and the last result is written. Results are
 * written one after the other. Rejects with the first failure, or AbortError, when nothing is under way any more.
 */
export async function overlap<Item, Data, Result>(
  items: readonly Item[],
  { read, compute, write }: ItemSteps<Item, Data, Result>,
  signal: AbortSignal,
): Promise<void> {
  const readAhead = (i: number) => (i < items.length ? awaitedLater(read(items[i])) : null)
  let next = readAhead(0)
  let written = Promise.resolve()
  try {
    for (const [i, item] of items.entries()) {
      signal.throwIfAborted()
      const data = (await next) as Data
      next = readAhead(i + 1)
      const result = await compute(item, data)
      await written
      written = awaitedLater(write(item, result))
    }
    await written
  } finally {
    await Promise.allSettled([next, written])
  }
}

/** Marks a failure as handled before anybody awaits the promise. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
