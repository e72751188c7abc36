/** `npm run experiment`: a folder of images and masks through the app's own import, then one run on it. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { memoryWarning } from '../../src/cpral/memory'
import type { ConfigOverrides } from '../../src/cpral/presets'
import type { ProjectRecord } from '../../src/domain/project'
import { runCommand } from '../headless/command'
import { configFor } from '../headless/drive-run'
import { importFolder } from '../headless/import-folder'
import { type ExperimentOptions, parseExperiment, UsageError } from '../headless/options'
import type { OutFolder } from '../headless/out-folder'
import { StudioError } from '../headless/studio-error'
import { isAddress, takeWeights } from '../headless/take-weights'

function listProjects(page: Page): Promise<ProjectRecord[]> {
  return page.evaluate(() => studio.data.listProjects())
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
