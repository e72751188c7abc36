/** A run that waits for labels of its first regions. */
import type { Page } from 'playwright-core'
import { goTo } from '../browser/open-browser'

export async function show(
  page: Page,
  hash: string,
  testid: string,
  state: 'attached' | 'visible' = 'visible',
): Promise<void> {
  await goTo(page, hash)
  await page.getByTestId(testid).first().waitFor({ state })
}

/** A run that waits for its first regions, its initial pool labelled by the masks that came with the images. */
export async function runUntilAsked(page: Page, data: string, weights: string, epochs: number) {
  await show(page, '#/', 'folder-input', 'attached')
  await page.getByTestId('folder-input').first().setInputFiles(data)
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  await page.getByTestId('new-run').or(page.getByTestId('new-run-panel')).first().waitFor()
  if (await page.getByTestId('new-run').isVisible()) await page.getByTestId('new-run').click()
  await page.getByTestId('weights-input').setInputFiles(weights)
  await page.getByTestId('weights-facts').waitFor()
  const projectId = /project\/([^/]+)/.exec(page.url())?.[1] ?? ''
  const images = await page.evaluate((id) => studio.data.listImages({ projectId: id }), projectId)
  const train = images.filter(({ split }) => split === 'train')
  for (let k = 0; k < 25; k++) {
    const { id } = train[Math.floor((k * train.length) / 25)]
    await show(page, `#/project/${projectId}/label/${encodeURIComponent(id)}`, 'import-mask')
    await page.waitForFunction((name) => document.title.includes(name), id.slice(projectId.length + 1))
    await page.getByTestId('import-mask').click()
    await page.getByTestId('undo').and(page.locator(':enabled')).waitFor()
    await page.waitForFunction(
      () => document.querySelector('[data-testid="save-indicator"]')?.textContent?.trim() === 'Saved',
    )
  }
  const runId = await page.evaluate(
    async ({ projectId, epochs }) => {
      const [project, weights] = [
        (await studio.data.listProjects()).find(({ id }) => id === projectId),
        await studio.data.listWeights(),
      ]
      if (!project) throw new Error('The project is gone.')
      const [image] = await studio.data.listImages({ projectId })
      const config = studio.defaultConfig(studio.factsOf(project, image.size), 'light', {
        annotator: 'person',
        weights: weights[0].key,
        size: { height: 180, width: 240 },
        training: { epochs },
      })
      const run = await studio.compute.createRun({ projectId, config })
      await studio.compute.run({ runId: run.id }, () => {}, new AbortController().signal)
      return run.id
    },
    { projectId, epochs },
  )
  return { projectId, runId, images }
}
