/**
 * `globalThis.studio`, by which scripts drive the page. The headless commands call the same workers as the screen does, and fill the same
 * inputs (`data-testid="folder-input"`, `"weights-input"`, `"import-confirm"`).
 */
import { defaultConfig, factsOf } from '../cpral/presets'
import type { Workers } from '../rpc/client'
import type { LinePictures, StudyOutcome } from '../study/study-outcome'

export interface Automation extends Workers {
  /** The complete config for a dataset and preset, with overrides on top. */
  defaultConfig: typeof defaultConfig
  /** A project's facts, on which the defaults depend. */
  factsOf: typeof factsOf
  /** Milliseconds from strokes' events to the frames that show them: the latest ones, the last one last. */
  paintDelays: readonly number[]
  /** The self-contained HTML report of a run. */
  report(request: { runId: string }): Promise<string>
  /** A few validation images with the run's last predictions. */
  runPictures(request: { runId: string }): Promise<LinePictures>
  /** The self-contained HTML report of a study; it reads nothing that is stored. */
  studyReport(study: StudyOutcome): Promise<string>
}

declare global {
  /** Set once the page's program has been loaded. */
  var studio: Automation
}

const KEPT_DELAYS = 4096

/** Collects what the canvas tells of its strokes (`strokepainted`). */
function watchPaintDelays(): readonly number[] {
  const delays: number[] = []
  document.addEventListener('strokepainted', ({ detail }) => {
    delays.push(detail)
    if (delays.length > KEPT_DELAYS) delays.shift()
  })
  return delays
}

export function exposeAutomation(workers: Workers) {
  globalThis.studio = {
    ...workers,
    defaultConfig,
    factsOf,
    paintDelays: watchPaintDelays(),
    async report({ runId }) {
      const { buildReport } = await import('../report/report')
      return buildReport(workers.data, runId)
    },
    async runPictures({ runId }) {
      const { runPictures } = await import('../report/study/run-pictures')
      return runPictures(workers.data, runId)
    },
    async studyReport(study) {
      const { studyPage } = await import('../report/study/study-page')
      return studyPage(study)
    },
  }
}
