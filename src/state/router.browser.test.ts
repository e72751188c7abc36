import { expect, it } from 'vitest'
import { formatRoute, parseRoute, type Route } from './router.svelte'

it.each<Route>([
  { view: 'projects' },
  { view: 'project', projectId: 'a b/c' },
  { view: 'run', projectId: 'p', runId: 'r#1' },
  { view: 'project', projectId: 'p', original: 'r/1' },
  { view: 'compare', projectId: 'a b/c', runIds: [] },
  { view: 'compare', projectId: 'p', runIds: ['r,1/ä', 'r 2'] },
  { view: 'image', projectId: 'p', runId: 'r', round: 3, imageId: 'p/train/stadt/ä 100%' },
])('comes back from the address: %o', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route)
})

it.each(['', '#', '#/nonsense', '#/project', '#/project/'])('takes "%s" for the project list', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'projects' })
})

it('takes a comparison without runs for one that is still empty', () => {
  expect(parseRoute('#/project/p/compare')).toEqual({ view: 'compare', projectId: 'p', runIds: [] })
  expect(parseRoute('#/project/p/compare?runs=a,,b,')).toEqual({ view: 'compare', projectId: 'p', runIds: ['a', 'b'] })
})

it('survives an address that was typed wrong', () => {
  expect(parseRoute('#/project/50%')).toEqual({ view: 'project', projectId: '50%' })
})
