/** A small worker for the tests of client and handlers: each method shows one thing that must survive the crossing. */
import { expose, transfer } from 'comlink'
import { AppError } from '../../src/domain/errors'
import { installHandlers } from '../../src/rpc/handlers'

installHandlers()

let reportNow = () => {}

const api = {
  add: (a: number, b: number) => a + b,
  async count(request: { to: number }, onProgress: (done: number) => void, signal: AbortSignal) {
    for (let i = 1; i <= request.to; i++) {
      signal.throwIfAborted()
      onProgress(i)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return request.to
  },
  /** Goes on reporting after the call has returned: when `untilReported` is called. */
  async reportLate(onProgress: (value: string) => void) {
    reportNow = () => onProgress('late')
    onProgress('in time')
  },
  untilReported: () => reportNow(),
  failKnown: () => {
    throw new AppError('bad_file', 'broken.png is no PNG.', 'Export it again.', { cause: new RangeError('offset 8') })
  },
  failUnknown: () => {
    throw new TypeError('x is undefined')
  },
  failQuota: async () => {
    throw new DOMException('full', 'QuotaExceededError')
  },
  wait: () => new Promise<void>(() => {}),
  crash: () => {
    setTimeout(() => {
      throw new Error('boom')
    })
    return new Promise<void>(() => {})
  },
  bytes: () => {
    const values = new Uint8Array([1, 2, 3])
    return transfer(values, [values.buffer])
  },
  rename: (request: { name: string }) => request.name.toUpperCase(),
}

export type TestApi = {
  [K in keyof typeof api]: (...values: Parameters<(typeof api)[K]>) => Promise<Awaited<ReturnType<(typeof api)[K]>>>
}

expose(api)
