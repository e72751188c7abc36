/** Functions of this process that a page may call. */
import type { Page } from 'playwright-core'

/** Those that pages are being given right now. */
const givings = new Set<Promise<unknown>>()

/** Longest wait for a page that no longer answers, in milliseconds. */
const PATIENCE_MS = 3000

/** Like Playwright's exposeFunction, but `allGiven` waits for it. */
export async function giveFunction<Value>(page: Page, name: string, act: (value: Value) => void): Promise<void> {
  const giving = page.exposeFunction(name, act)
  givings.add(giving)
  try {
    await giving
  } finally {
    givings.delete(giving)
  }
}

/**
 * To be awaited before a browser is closed: when a page goes while it is given a function, Playwright throws where nobody
 * can catch it, and the process dies.
 */
export async function allGiven(): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS)
  })
  await Promise.race([Promise.allSettled(givings), patience])
  clearTimeout(timer)
}
