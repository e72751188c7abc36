import { expect, it } from 'vitest'
import { Task } from './task.svelte'

it('lets the latest start win and aborts the one before', async () => {
  const task = new Task<string>()
  let firstSignal: AbortSignal | null = null
  const { promise: gate, resolve: open } = Promise.withResolvers<string>()
  const first = task.run((report, signal) => {
    firstSignal = signal
    return gate.then((value) => {
      report({ phase: 'scan', done: 9, total: 9 })
      return value
    })
  })
  const second = task.run(async (report) => {
    report({ phase: 'scan', done: 1, total: 2 })
    return 'second'
  })
  open('first')
  expect(await Promise.all([first, second])).toEqual([null, 'second'])
  expect(firstSignal).toHaveProperty('aborted', true)
  expect([task.status, task.result, task.progress?.done]).toEqual(['done', 'second', 1])
})

it('tells abort from failure', async () => {
  const task = new Task<void>()
  const run = task.run(
    (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  task.abort()
  await run
  expect([task.status, task.error]).toEqual(['aborted', null])
  await task.run(() => Promise.reject(new TypeError('broken')))
  expect(task.status).toBe('failed')
  expect(task.error).toMatchObject({ code: 'internal', message: 'broken' })
  task.clear()
  expect([task.status, task.error]).toEqual(['idle', null])
})
