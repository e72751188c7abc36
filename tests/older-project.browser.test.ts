/**
 * A project file of version 0.1.0, as that version saved it (at c5f10c8): twelve small images with masks, four strokes on one of them
 * (painted, accepted, refused, and one undone), a run that waits for a person, and a run of the oracle that was paused in the query of
 * its first round. Beside it stands what 0.1.0 came to in the rest of that round on WASM, and what this version comes to in the
 * rounds after it: their training draws other random numbers, and sums in another order.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkConfig } from '../src/compute/check-config'
import { computeService } from '../src/compute/compute-service'
import { dataService } from '../src/data/data-service'
import { labelShare, PROVENANCE } from '../src/domain/labels'
import type { ProjectRecord } from '../src/domain/project'
import type { RunRecord } from '../src/domain/run'
import { buildReport } from '../src/report/report'
import { compareRuns } from '../src/state/comparison'
import { NewRun } from '../src/state/new-run.svelte'
import { openDatabase } from '../src/storage/database'
import { readLabels } from '../src/storage/label-journal'
import { roundWarnings } from '../src/study/round-warnings'
import expected from './fixtures/project-0.1.0.json'
import fileUrl from './fixtures/project-0.1.0.zip?url'
import { clearDatabase } from './support/database'

const signal = new AbortController().signal
const data = dataService()
let project: ProjectRecord

beforeEach(async () => {
  await clearDatabase()
  const file = await (await fetch(fileUrl)).blob()
  project = await data.openProject({ file: new File([file], 'project-0.1.0.zip') }, () => {}, signal)
})
afterEach(clearDatabase)

async function imageNames(): Promise<Map<string, string>> {
  return new Map((await data.listImages({ projectId: project.id })).map(({ id, name }) => [id, name]))
}

it('opens with its images, classes and labels', async () => {
  expect(project).toMatchObject({ counts: { train: 10, val: 2 }, hasGroundTruth: true })
  expect(project.classes.map(({ name }) => name)).toEqual(['road', 'sky', 'car'])
  const images = await data.listImages({ projectId: project.id })
  const image = images.find(({ name }) => name === 'images/train/photo-5')
  expect(image?.size).toEqual({ height: 48, width: 64 })
  const db = await openDatabase()
  const stored = await db.get('images', image?.id ?? '')
  const labels = stored && (await readLabels(db, stored))
  const { classes, provenance } = labels?.raster ?? { classes: [], provenance: new Uint8Array() }
  // Row, class, provenance: painted, accepted, refused, and what was undone again.
  const { human, accepted, rejected, none } = PROVENANCE
  const rows = [0, 35, 42, 13].map((row) => [classes[row * 64 + 2], provenance[row * 64 + 2]])
  expect(rows).toEqual([
    [1, human],
    [0, accepted],
    [255, rejected],
    [255, none],
  ])
  const share = (20 * 58) / (48 * 64)
  expect(labelShare({ imageId: '', provenance })).toEqual({ imageId: '', labelled: share, extended: 0 })
  expect(await data.personLabelShares({ projectId: project.id })).toEqual([{ imageId: image?.id, labelled: share }])
})

it('reports, compares and duplicates runs whose records lack what came later', async () => {
  const runs = await data.listRuns({ projectId: project.id })
  const images = await data.listImages({ projectId: project.id })
  const entries = await Promise.all(runs.map(async (run) => ({ run, rounds: await data.rounds({ runId: run.id }) })))
  for (const { id } of runs) expect(await buildReport(data, id)).toContain('<html')
  const { runs: compared } = compareRuns(entries, project, new Map(images.map((image) => [image.id, image])))
  const paused = compared.find(({ run }) => run.status === 'paused')
  expect(paused?.measures).toMatchObject({ mIoU: expected.rounds[0].mIoU, steps: 1, noise: null, adversary: null })
  for (const { run, rounds } of entries) {
    for (const round of rounds) expect(roundWarnings(round, run.config.size).join()).not.toMatch(/NaN|undefined/)
    const copy = new NewRun(data, computeService(), { report: null }, project, images, run)
    expect(copy.differences).toEqual([])
    copy.setMethod('vaal')
    expect(copy.differences.map(({ path }) => path)).toContain('selection.method')
    copy.change({ annotator: 'oracle', selection: { budgetImages: 1 } })
    expect(() => checkConfig(copy.config, project, null)).not.toThrow()
  }
})

it('a run that a newer version made by what this one does not know says so, and stays as it was', async () => {
  const db = await openDatabase()
  const run = (await data.listRuns({ projectId: project.id })).find(({ status }) => status === 'paused') as RunRecord
  const { config } = run
  for (const [choices, what] of [
    [{ selection: { ...config.selection, method: 'best-of-all' as 'cpral' } }, 'the method "best-of-all"'],
    [{ recipe: 'haste' as 'studio' }, 'the recipe "haste"'],
  ] as const) {
    const newer = { ...config, ...choices }
    await db.put('runs', { ...run, config: newer })
    const said = { code: 'bad_config', message: expect.stringContaining(`by ${what}, which this version`) }
    await expect(computeService().run({ runId: run.id }, () => {}, signal)).rejects.toMatchObject(said)
    expect(await db.get('runs', run.id)).toMatchObject({ config: newer, status: 'failed', failure: said })
    expect(await buildReport(data, run.id)).toContain('<html')
  }
})

it('ends the round that it was paused in with the numbers of its own version, to the last digit, and goes on', async () => {
  const runs = await data.listRuns({ projectId: project.id })
  const run = runs.find(({ status }) => status === 'paused')
  expect(runs.map(({ status }) => status).sort()).toEqual(['paused', 'ready'])
  const compute = computeService()
  await compute.boot({ engine: 'wasm' })
  expect(await compute.run({ runId: run?.id ?? '' }, () => {}, signal)).toMatchObject({ status: 'done', round: 3 })
  const names = await imageNames()
  const rounds = (await data.rounds({ runId: run?.id ?? '' })).map((round) => ({
    index: round.index,
    labelledPixels: round.labelledPixels,
    trainImages: round.trainImages.map((id) => names.get(id)),
    losses: round.losses,
    mIoU: round.evaluation?.mIoU,
    confusion: round.evaluation?.confusion,
    subset: round.subset.map(({ imageId, score }) => [names.get(imageId), score]),
    regions: round.regions.map(({ imageId, x, y, width, height, score }) => [
      names.get(imageId),
      x,
      y,
      width,
      height,
      score,
    ]),
    extension: round.extension,
  }))
  expect(rounds).toEqual(expected.rounds)
})
