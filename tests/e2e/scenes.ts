/** A project of drawn street scenes without masks, for whoever labels by hand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageSummary, ProjectRecord } from '../../src/domain/project.ts'
import { importFolder, writeScenes } from './label-table.ts'
import { openSession, type Session } from './session.ts'

export interface SceneSession extends Session {
  /** The scenes as files. */
  folder: string
  project: ProjectRecord
  images: ImageSummary[]
}

/** Imports a folder of scenes as a person does, in a browser of its own; `close` deletes both. */
export async function openScenes(count: { train: number; val: number }): Promise<SceneSession> {
  const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-scenes-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  writeScenes(folder, count)
  const session = await openSession()
  const close = async () => {
    await session.close()
    removeFolder()
  }
  try {
    session.page.setDefaultTimeout(60_000)
    const project = await importFolder(session.page, folder)
    const images = await session.page.evaluate((projectId) => studio.data.listImages({ projectId }), project.id)
    return { ...session, folder, project, images, close }
  } catch (error) {
    await close()
    throw error
  }
}
