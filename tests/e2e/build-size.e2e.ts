/** The built workers stay small: a room that pulls in a large package by accident is seen here. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DIST } from '../../scripts/browser/ensure-build.ts'

const ASSETS = join(DIST, 'assets')

function bytesOf(start: string): number {
  const file = readdirSync(ASSETS).find((name) => name.startsWith(`${start}-`) && name.endsWith('.js'))
  if (!file) throw new Error(`The build has no ${start}.`)
  return statSync(join(ASSETS, file)).size
}

it.each([
  ['data.worker', 330_000],
  // Loaded when somebody first drops something.
  ['importer', 250_000],
  ['compute.worker', 1_000_000],
  ['loader.worker', 70_000],
  ['superpixel.worker', 20_000],
  ['pyramid.worker', 20_000],
])('%s is below %i bytes', (start, most) => {
  expect(bytesOf(start)).toBeLessThan(most)
})
