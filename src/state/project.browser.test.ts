import { expect, test } from 'vitest'
import type { DataApi } from '../rpc/contract'
import { ProjectState } from './project.svelte'

const image = (id: string, split: string) => ({ id, split, name: id, hasGroundTruth: false })

/** A project of which a person has labelled image `a` since its run looked last. */
async function openProject(): Promise<ProjectState> {
  const data = {
    listProjects: async () => [{ id: 'p' }],
    listImages: async () => [image('v', 'val'), image('a', 'train'), image('b', 'train')],
    listRuns: async () => [{ id: 'r', createdAt: 1 }],
    personLabelShares: async () => [
      { imageId: 'a', labelled: 0.5 },
      { imageId: 'b', labelled: 0 },
    ],
    labelShares: async () => [{ imageId: 'b', labelled: 1, extended: 0 }],
    rounds: async () => [],
  }
  const project = new ProjectState(data as unknown as DataApi, 'p')
  await project.load()
  return project
}

const shares = ({ gallery }: ProjectState) => gallery.map(({ share }) => share.labelled)

test('labelling goes on where nobody has labelled, whatever a run has seen', async () => {
  const project = await openProject()
  expect(project.runId).toBe('r')
  expect(project.firstToLabel?.id).toBe('b')
})

test('beside its runs, the gallery shows what people have labelled, until another choice', async () => {
  const project = await openProject()
  expect(shares(project)).toEqual([0, 0, 1])
  await project.choose(null)
  expect(shares(project)).toEqual([0, 0.5, 0])
  await project.refresh()
  expect([project.runId, shares(project)]).toEqual([null, [0, 0.5, 0]])
})
