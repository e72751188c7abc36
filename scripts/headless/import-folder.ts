/** Brings a folder of images and masks into the open app. */
import { realpathSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import type { DatasetFormat } from '../../src/domain/dataset'
import { goTo } from '../browser/open-browser'
import { StudioError } from './studio-error'

const IMPORT_TIMEOUT_MS = 30 * 60_000

export interface FolderRequest {
  /** Path of the folder. */
  data: string
  /** Null recognises it. */
  format: DatasetFormat | null
}

/** What a person reads there, on one line. */
async function textOf(found: Locator): Promise<string> {
  return (await found.allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')
}

/**
 * Through the folder input and the preview, as a person does it. Returns the new project's id. Throws StudioError.
 */
export async function importFolder(page: Page, { data, format }: FolderRequest): Promise<string> {
  await goTo(page, '#/')
  // A browser finds no files in a folder that it is given by a symbolic link.
  await page.getByTestId('folder-input').first().setInputFiles(realpathSync(data))
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
