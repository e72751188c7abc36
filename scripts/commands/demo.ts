/** `npm run demo`: the embedded project, the whole loop, a table after every round, then a report. */
import type { ConfigOverrides } from '../../src/cpral/presets'
import type { RecipeName, TrainingConfig } from '../../src/domain/config'
import { giveFunction } from '../browser/give-function'
import { runCommand } from '../headless/command'
import { configFor } from '../headless/drive-run'
import { parseDemo } from '../headless/options'
import { ProgressLines } from '../headless/progress-lines'

const FULL = { images: 120, validationImages: 40 }
/** Small enough for the software WebGPU adapter, large enough that every stage has something to do. */
const QUICK = { images: 16, validationImages: 6 }
const QUICK_OVERRIDES: ConfigOverrides = {
  size: { height: 64, width: 128 },
  monteCarlo: { passes: 8 },
}
const QUICK_TRAINING: Readonly<Record<RecipeName, Partial<TrainingConfig>>> = {
  paper: { epochs: 4 },
  studio: { epochs: 4, steps: 24, warmSteps: 12 },
}

await runCommand(() => {
  const { quick, seed, engine, out, overrides } = parseDemo(process.argv.slice(2))
  return {
    out,
    engine,
    options: { command: 'demo', quick, seed, engine, overrides },
    async prepare(page, folder) {
      const lines = new ProgressLines()
      await giveFunction(page, 'showDemoProgress', lines.show.bind(lines))
      const project = await page.evaluate(
        async (request) => {
          const { showDemoProgress } = globalThis as unknown as { showDemoProgress(progress: object): void }
          return await studio.data.createDemo(
            request,
            (progress) => showDemoProgress(progress),
            new AbortController().signal,
          )
        },
        { ...(quick ? QUICK : FULL), seed },
      )
      lines.end()
      folder.save({ projectId: project.id })
      const training = QUICK_TRAINING[overrides.recipe ?? 'paper']
      const wanted = quick ? { ...QUICK_OVERRIDES, training, ...overrides } : overrides
      return { project, config: await configFor(page, project, 'tiny', wanted) }
    },
  }
})
