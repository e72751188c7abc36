/** The built workers stay small: a room that pulls in a large package by accident is seen here. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DIST } from '../../scripts/browser/ensure-build.ts'

const ASSETS = join(DIST, 'assets')

function bytesOf(worker: string): number {
  const file = readdirSync(ASSETS).find((name) => name.startsWith(`${worker}.worker-`))
  if (!file) throw new Error(`The build has no ${worker} worker.`)
  return statSync(join(ASSETS, file)).size
}

it.each([
  ['data', 400_000],
  ['compute', 1_000_000],
  ['superpixel', 20_000],
  ['pyramid', 20_000],
])('the %s worker is below %i bytes', (worker, most) => {
  expect(bytesOf(worker)).toBeLessThan(most)
})
