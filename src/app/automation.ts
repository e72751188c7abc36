/**
 * What scripts may call in the page: `globalThis.studio`. The headless commands drive the same workers as a person does,
 * and the same inputs (`data-testid="folder-input"`, `"weights-input"`, `"import-confirm"`).
 */
import { defaultConfig, factsOf } from '../cpral/presets'
import type { Workers } from '../rpc/client'
import { StagePainter } from '../ui/label/stage-painter'

export interface StudioAutomation extends Workers {
  /** The complete config for a dataset and preset, with overrides on top. */
  defaultConfig: typeof defaultConfig
  /** What the defaults depend on, for a project. */
  factsOf: typeof factsOf
  /** Milliseconds from the latest strokes' events to their frames, on the label table that is open. */
  paintDelays(): readonly number[]
  /** The self-contained HTML report of a run. */
  report(request: { runId: string }): Promise<string>
}

declare global {
  /** Set once the page's program has been loaded. */
  var studio: StudioAutomation
}

export function exposeStudio(workers: Workers) {
  globalThis.studio = {
    ...workers,
    defaultConfig,
    factsOf,
    paintDelays: () => StagePainter.current?.delays ?? [],
    async report({ runId }) {
      const { buildReport } = await import('../report/report')
      return buildReport(workers.data, runId)
    },
  }
}
