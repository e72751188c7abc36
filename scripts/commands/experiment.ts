/** `npm run experiment`: a folder of images and masks through the app's own import, then one run on it. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { memoryWarning } from '../../src/cpral/memory'
import type { ConfigOverrides } from '../../src/cpral/presets'
import type { ProjectRecord } from '../../src/domain/project'
import type { WeightsSummary } from '../../src/domain/weights'
import { goTo } from '../browser/open-browser'
import { runCommand } from '../headless/command'
import { configFor, StudioError } from '../headless/drive-run'
import { type ExperimentOptions, parseExperiment, UsageError } from '../headless/options'
import type { OutFolder } from '../headless/out-folder'

const IMPORT_TIMEOUT_MS = 30 * 60_000

function listProjects(page: Page): Promise<ProjectRecord[]> {
  return page.evaluate(() => studio.data.listProjects())
}

/** What a person reads there, on one line. */
async function textOf(found: Locator): Promise<string> {
  return (await found.allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')
}

/** Through the folder input and the preview, as a person does it. Returns the new project's id. */
async function importFolder(page: Page, { data, format }: ExperimentOptions): Promise<string> {
  await goTo(page, '#/')
  await page.getByTestId('folder-input').first().setInputFiles(data)
  const failure = page.getByRole('alert').first()
  const waitFor = async (testId: string) => {
    const found = page.getByTestId(testId)
    await found.or(failure).first().waitFor({ timeout: IMPORT_TIMEOUT_MS })
    if (await failure.isVisible()) throw new StudioError(await textOf(failure))
    return found
  }
  await waitFor('import-confirm')
  if (format) {
    await page.getByLabel('Format').selectOption(format)
    // The preview stays on the screen while the folder is looked through again.
    const ready = page.locator('[data-testid="import-confirm"]:enabled')
    await ready.or(failure).first().waitFor({ timeout: IMPORT_TIMEOUT_MS })
    if (await failure.isVisible()) throw new StudioError(await textOf(failure))
  }
  console.log(await textOf(page.getByTestId('import-description')))
  await page.getByTestId('import-confirm').click()
  const result = await waitFor('import-result')
  console.log(await textOf(result.locator('p')))
  const problems = await page.getByTestId('problems').locator('li').allInnerTexts()
  for (const problem of problems) console.log(`  ${problem.replaceAll(/\s+/g, ' ')}`)
  const address = (await page.getByTestId('open-project').getAttribute('href')) ?? ''
  return decodeURIComponent(address.split('/').at(-1) ?? '')
}

async function openProject(page: Page, folder: OutFolder, options: ExperimentOptions): Promise<ProjectRecord> {
  const known = (await listProjects(page)).find(({ id }) => id === folder.state.projectId)
  if (known) return known
  const projectId = await importFolder(page, options)
  const project = (await listProjects(page)).find(({ id }) => id === projectId)
  if (!project) throw new StudioError(`The import of ${options.data} left no project.`)
  folder.save({ projectId, runId: null })
  return project
}

const isAddress = (weights: string) => /^https?:/.test(weights)

/** Has the app fetch the weights, or take them from its storage when it has fetched them before. */
async function fetchWeights(page: Page, url: string): Promise<WeightsSummary> {
  const outcome = await page.evaluate(async (url) => {
    try {
      return { weights: await studio.data.fetchWeights({ url }, () => {}, new AbortController().signal) }
    } catch (error) {
      const { message, remedy } = error as { message: string; remedy?: string }
      return { failure: [message, remedy].filter(Boolean).join(' ') }
    }
  }, url)
  if ('failure' in outcome) throw new StudioError(outcome.failure)
  return outcome.weights
}

/** Stores a weights file in the app. A file that is stored already keeps its key. */
async function addWeights(page: Page, path: string): Promise<WeightsSummary> {
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input')
    element.type = 'file'
    return element
  })
  await input.setInputFiles(path)
  const outcome = await input.evaluate(async (element) => {
    const file = element.files?.[0]
    if (!file) return { failure: 'The weights file did not reach the page.' }
    try {
      return { weights: await studio.data.addWeights({ name: file.name, bytes: await file.arrayBuffer() }) }
    } catch (error) {
      const { message, remedy } = error as { message: string; remedy?: string }
      return { failure: [message, remedy].filter(Boolean).join(' ') }
    }
  })
  if ('failure' in outcome) throw new StudioError(outcome.failure)
  return outcome.weights
}

async function takeWeights(page: Page, weights: string): Promise<WeightsSummary> {
  const taken = await (isAddress(weights) ? fetchWeights(page, weights) : addWeights(page, weights))
  console.log(`Weights: ${taken.name}, ${taken.encoder}, SHA-256 ${taken.key}`)
  return taken
}

function checkPaths({ data, weights }: ExperimentOptions): void {
  if (!existsSync(data) || !statSync(data).isDirectory()) throw new UsageError(`--data ${data} is not a folder.`)
  if (weights && !isAddress(weights) && !existsSync(weights))
    throw new UsageError(`--weights ${weights} does not exist.`)
}

await runCommand(() => {
  const parsed = parseExperiment(process.argv.slice(2))
  const options = {
    ...parsed,
    data: resolve(parsed.data),
    weights: parsed.weights && !isAddress(parsed.weights) ? resolve(parsed.weights) : parsed.weights,
  }
  checkPaths(options)
  const { out, ...kept } = options
  return {
    out,
    engine: options.engine,
    options: { command: 'experiment', ...kept },
    async prepare(page, folder) {
      const project = await openProject(page, folder, options)
      const weights = options.weights ? await takeWeights(page, options.weights) : null
      const encoder = options.encoder ?? weights?.encoder
      const overrides: ConfigOverrides = {
        ...options.overrides,
        weights: weights?.key ?? null,
        network: { ...(encoder && { encoder }), firstExpansion: weights?.firstExpansion ?? false },
      }
      const config = await configFor(page, project, options.preset, overrides)
      const warning = memoryWarning(config, project.classes.length)
      if (warning) console.log(warning)
      return { project, config }
    },
  }
})
