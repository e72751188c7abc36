/** Brings a file of initial weights into the open app. */
import type { Page } from 'playwright-core'
import type { WeightsSummary } from '../../src/domain/weights'
import { type Failure, type Outcome, resultOf } from './studio-error'

export const isAddress = (weights: string) => /^https?:/.test(weights)

/** Has the app fetch the weights, or take them from its storage when it has fetched them before. */
async function fetchWeights(page: Page, url: string): Promise<WeightsSummary> {
  const outcome = await page.evaluate(async (url): Promise<Outcome<WeightsSummary>> => {
    try {
      return { value: await studio.data.fetchWeights({ url }, () => {}, new AbortController().signal) }
    } catch (error) {
      const { message, remedy, code } = error as Failure
      return { failure: { message, remedy, code } }
    }
  }, url)
  return resultOf(outcome)
}

/** Stores a weights file in the app. A file that is stored already keeps its key. */
async function addWeights(page: Page, path: string): Promise<WeightsSummary> {
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input')
    element.type = 'file'
    return element
  })
  await input.setInputFiles(path)
  const outcome = await input.evaluate(async (element): Promise<Outcome<WeightsSummary>> => {
    const file = element.files?.[0]
    if (!file) return { failure: { message: 'The weights file did not reach the page.' } }
    try {
      return { value: await studio.data.addWeights({ name: file.name, bytes: await file.arrayBuffer() }) }
    } catch (error) {
      const { message, remedy, code } = error as Failure
      return { failure: { message, remedy, code } }
    }
  })
  return resultOf(outcome)
}

/** @param weights a file's path, or an address. Throws StudioError. */
export async function takeWeights(page: Page, weights: string): Promise<WeightsSummary> {
  const taken = await (isAddress(weights) ? fetchWeights(page, weights) : addWeights(page, weights))
  console.log(`Weights: ${taken.name}, ${taken.encoder}, SHA-256 ${taken.key}`)
  return taken
}
