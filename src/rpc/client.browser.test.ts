import { afterEach, describe, expect, it } from 'vitest'
import type { TestApi } from '../../tests/support/test-worker'
import { AppError } from '../domain/errors'
import { connectWorker, type WorkerClient } from './client'

const deaths: AppError[] = []
let opened = 0
const clients: WorkerClient<TestApi>[] = []

function connect() {
  const client = connectWorker<TestApi>(
    'test',
    () => {
      opened++
      return new Worker(new URL('../../tests/support/test-worker.ts', import.meta.url), { type: 'module' })
    },
    (error) => deaths.push(error),
  )
  clients.push(client)
  return client
}

afterEach(() => {
  for (const client of clients.splice(0)) client.terminate(new AppError('worker_died', 'end of the test'))
  deaths.length = 0
  opened = 0
})

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('should have thrown'),
    (error: unknown) => error,
  )

describe('calls', () => {
  it('opens the worker at the first call and answers', async () => {
    const { api } = connect()
    expect(opened).toBe(0)
    expect(await Promise.all([api.add(1, 2), api.add(3, 4), api.rename({ name: 'a' })])).toEqual([3, 7, 'A'])
    expect(opened).toBe(1)
  })

  it('is not taken for a promise when returned from an async function', async () => {
    const api = await (async () => connect().api)()
    expect(await api.add(2, 2)).toBe(4)
  })

  it('reports progress in order and drops what comes after the call', async () => {
    const { api } = connect()
    const seen: number[] = []
    expect(await api.count({ to: 4 }, (done) => seen.push(done), new AbortController().signal)).toBe(4)
    expect(seen).toEqual([1, 2, 3, 4])
    const words: string[] = []
    await api.reportLate((word) => words.push(word))
    await api.untilReported()
    expect(words).toEqual(['in time'])
  })

  it('takes the same callback and signal for several calls', async () => {
    const { api } = connect()
    const seen: number[] = []
    const { signal } = new AbortController()
    const report = (done: number) => void seen.push(done)
    await Promise.all([api.count({ to: 2 }, report, signal), api.count({ to: 3 }, report, signal)])
    expect(seen.toSorted()).toEqual([1, 1, 2, 2, 3])
  })

  it('receives typed arrays', async () => {
    expect(await connect().api.bytes()).toEqual(new Uint8Array([1, 2, 3]))
  })
})

describe('abort', () => {
  it('stops a running call with an AbortError and leaves the worker alive', async () => {
    const { api } = connect()
    const controller = new AbortController()
    let last = 0
    const error = await caught(
      api.count(
        { to: 100_000 },
        (done) => {
          last = done
          if (done === 3) controller.abort()
        },
        controller.signal,
      ),
    )
    expect(error).toBeInstanceOf(DOMException)
    expect((error as DOMException).name).toBe('AbortError')
    expect(last).toBeLessThan(1000)
    expect(await api.add(1, 1)).toBe(2)
    expect(opened).toBe(1)
  })

  it('stops before the first step when the signal was aborted already', async () => {
    const seen: number[] = []
    const error = await caught(connect().api.count({ to: 5 }, (done) => seen.push(done), AbortSignal.abort()))
    expect((error as DOMException).name).toBe('AbortError')
    expect(seen).toEqual([])
  })
})

describe('errors', () => {
  it('brings an AppError back with code, message, remedy and the text of its cause', async () => {
    const error = await caught(connect().api.failKnown())
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({
      code: 'bad_file',
      message: 'broken.png is no PNG.',
      remedy: 'Export it again.',
      cause: 'RangeError: offset 8',
    })
  })

  it('wraps anything else, and names a full disk', async () => {
    const { api } = connect()
    expect(await caught(api.failUnknown())).toMatchObject({ code: 'internal', message: 'x is undefined' })
    expect(await caught(api.failQuota())).toMatchObject({ code: 'quota_exceeded' })
  })
})

describe('death', () => {
  it('rejects every pending call when the worker crashes, and opens it again at the next', async () => {
    const { api } = connect()
    const [first, second] = await Promise.all([caught(api.wait()), caught(api.crash())])
    for (const error of [first, second]) {
      expect(error).toMatchObject({ name: 'AppError', code: 'worker_died' })
      expect((error as AppError).message).toContain('boom')
      expect((error as AppError).remedy).not.toBe('')
    }
    expect(deaths).toHaveLength(1)
    expect(await api.add(5, 5)).toBe(10)
    expect(opened).toBe(2)
  })

  it('rejects pending calls when it is terminated by hand', async () => {
    const client = connect()
    const pending = caught(client.api.wait())
    await client.api.add(0, 0)
    client.terminate(new AppError('worker_died', 'stopped by hand'))
    expect(await pending).toMatchObject({ code: 'worker_died', message: 'stopped by hand' })
  })

  it('rejects when the worker program does not load', async () => {
    const client = connectWorker<TestApi>(
      'missing',
      () => new Worker('/no/such/worker.js', { type: 'module' }),
      () => {},
    )
    expect(await caught(client.api.add(1, 1))).toMatchObject({ code: 'worker_died' })
  })
})
