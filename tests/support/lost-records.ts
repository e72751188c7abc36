/** What Chromium says of a record whose file is gone, and of one whose file was cut off. */
export const GONE = new DOMException('Data lost due to missing file.', 'NotReadableError')
export const CUT_OFF = new DOMException('Failed to read large IndexedDB value', 'UnknownError')

/** For tests: records that fail to be read as those do whose file is lost, with the transaction that reads them. */
export function loseRecord(store: string, key: IDBValidKey, error = GONE): Disposable {
  const { get, getAll } = IDBObjectStore.prototype
  const isHit = (source: { name: string }, query: IDBValidKey | IDBKeyRange | null | undefined) =>
    source.name === store && (query instanceof IDBKeyRange ? query : IDBKeyRange.only(query)).includes(key)
  IDBObjectStore.prototype.get = function (query) {
    const request = get.call(this, query)
    return isHit(this, query) ? failing(request, error) : request
  }
  IDBObjectStore.prototype.getAll = function (query, count) {
    const request = getAll.call(this, query, count)
    return isHit(this, query as IDBKeyRange) ? failing(request, error) : request
  }
  return {
    [Symbol.dispose]() {
      Object.assign(IDBObjectStore.prototype, { get, getAll })
    },
  }
}

/** For tests: a record that is read, while the file of its `blob` is gone. */
export function loseFile(store: string, key: IDBValidKey): Disposable {
  const { get } = IDBObjectStore.prototype
  IDBObjectStore.prototype.get = function (query) {
    const request = get.call(this, query)
    const isHit = this.name === store && !(query instanceof IDBKeyRange) && indexedDB.cmp(query, key) === 0
    if (isHit) request.addEventListener('success', () => loseBytes(request.result.blob), { once: true })
    return request
  }
  return {
    [Symbol.dispose]() {
      Object.assign(IDBObjectStore.prototype, { get })
    },
  }
}

function loseBytes(blob: Blob): void {
  const lost = () => Promise.reject(new DOMException('The file could not be found.', 'NotFoundError'))
  Object.assign(blob, { arrayBuffer: lost, stream: () => new ReadableStream({ pull: lost }) })
}

function failing<T>(request: IDBRequest<T>, error: DOMException): IDBRequest<T> {
  const fail = (event: Event) => {
    event.stopImmediatePropagation()
    Object.defineProperty(request, 'error', { value: error })
    request.dispatchEvent(new Event('error'))
    request.transaction?.abort()
  }
  request.addEventListener('success', fail, { once: true })
  return request
}
