/** Builds the report of a run from the stored records. */
import packageFacts from '../../package.json'
import { AppError } from '../domain/errors'
import type { ProjectRecord } from '../domain/project'
import type { RunRecord } from '../domain/run'
import type { DataApi } from '../rpc/contract'
import { reportPage } from './page'
import { pictureTables } from './pictures'

/** @throws not_found */
export async function findRun(data: DataApi, runId: string): Promise<{ project: ProjectRecord; run: RunRecord }> {
  for (const project of await data.listProjects()) {
    const run = (await data.listRuns({ projectId: project.id })).find(({ id }) => id === runId)
    if (run) return { project, run }
  }
  throw new AppError(
    'not_found',
    `There is no run ${runId} in this browser.`,
    'Open the project and choose one of its runs.',
  )
}

/** The report on a run's complete rounds: one HTML page that needs no other file. Throws `not_found`. */
export async function buildReport(data: DataApi, runId: string): Promise<string> {
  const { project, run } = await findRun(data, runId)
  const rounds = (await data.rounds({ runId })).filter((round) => round.isComplete).sort((a, b) => a.index - b.index)
  return reportPage({
    project,
    run,
    rounds,
    pictures: await pictureTables({ data, project, run, rounds }),
    versions: {
      'CPRAL Studio': packageFacts.version,
      tfjs: packageFacts.dependencies['@tensorflow/tfjs'],
      browser: navigator.userAgent,
    },
    createdAt: Date.now(),
  })
}
