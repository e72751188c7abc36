/** axe-core in the page. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Once for each load of the page; as a script tag its policy would refuse it. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(`${AXE};undefined`)
}

/** Resolves when the screen has taken a change and nothing on it fades or moves any more but what does so without end. */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    // Observers of sizes are told within a frame, and what they change is laid out in the next one.
    for (let frame = 0; frame < 2; frame++) await nextFrame()
    const ending = () =>
      document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    // One that is cancelled has ended too.
    while (ending().length > 0) await Promise.allSettled(ending().map(({ finished }) => finished))
  })
}

interface Axe {
  run(options: RunOptions): Promise<AxeResults>
}

/** What axe finds on the screen as it is, one line a rule. */
export async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] }),
  )
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`)
}

/** With `SCREENSHOTS=folder`, a picture of the screen to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Light and wide, dark and narrow; when pictures are taken the other two as well. */
const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 400 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 400 },
] as const

/** Axe finds nothing on the screen as it is. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const { colorScheme, width } of process.env.SCREENSHOTS ? LOOKS : LOOKS.slice(0, 2)) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    await untilStill(page)
    expect([name, colorScheme, width, await violations(page)]).toEqual([name, colorScheme, width, []])
    await picture(page, `${name}-${colorScheme}-${width}`)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}
