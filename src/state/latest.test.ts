import { expect, test } from 'vitest'
import { Latest } from './latest'

/** Works that end when the test says so, and the order in which they began. */
function steered() {
  const begun: string[] = []
  const ends: Record<string, { resolve: () => void; reject: (error: Error) => void }> = {}
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<void>((resolve, reject) => {
      ends[name] = { resolve, reject }
    })
  }
  return { begun, ends, work }
}

const next = () => new Promise((resolve) => setTimeout(resolve))

test('of what is asked for while one is at work, only the latest is done, and afterwards', async () => {
  const { begun, ends, work } = steered()
  const latest = new Latest()
  const all = ['a', 'b', 'c'].map((name) => latest.run(work(name)))
  await next()
  expect(begun).toEqual(['a'])
  ends.a.resolve()
  await next()
  expect(begun).toEqual(['a', 'c'])
  ends.c.resolve()
  await Promise.all(all)
  const later = latest.run(work('d'))
  expect(begun).toEqual(['a', 'c', 'd'])
  ends.d.resolve()
  await later
})

test('an overtaken failure concerns nobody; the last one everybody who waits', async () => {
  const { ends, work } = steered()
  const latest = new Latest()
  const first = latest.run(work('a'))
  const second = latest.run(work('b'))
  ends.a.reject(new Error('a'))
  await next()
  ends.b.reject(new Error('b'))
  await expect(first).rejects.toThrow('b')
  await expect(second).rejects.toThrow('b')
  const third = latest.run(work('c'))
  ends.c.resolve()
  await third
})

test('what has not begun can be forgotten', async () => {
  const { begun, ends, work } = steered()
  const latest = new Latest()
  const done = latest.run(work('a'))
  latest.run(work('b'))
  latest.clear()
  ends.a.resolve()
  await done
  expect(begun).toEqual(['a'])
})
