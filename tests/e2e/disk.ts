import type { Page } from 'playwright-core'
import type { StoreName } from '../../src/storage/database.ts'

/** From now on the workers' writes to a store fail as on a full disk, those to others do not; null ends it. */
export async function fill(page: Page, store: StoreName | null): Promise<void> {
  for (const worker of page.workers().filter((each) => /\/(data|compute)\.worker/.test(each.url()))) {
    await worker.evaluate((name) => {
      const scope = globalThis as unknown as { realPut?: IDBObjectStore['put'] }
      scope.realPut ??= IDBObjectStore.prototype.put
      const put = scope.realPut
      IDBObjectStore.prototype.put = function (...values) {
        if (this.name === name) {
          // Nothing of the transaction is kept, as when the disk is full indeed.
          this.transaction.abort()
          throw new DOMException('full', 'QuotaExceededError')
        }
        return put.apply(this, values)
      }
    }, store)
  }
}
