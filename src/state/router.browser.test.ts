import { expect, it } from 'vitest'
import { formatRoute, parseRoute, type Route } from './router.svelte'

it.each<Route>([
  { view: 'projects' },
  { view: 'project', projectId: 'a b/c' },
  { view: 'run', projectId: 'p', runId: 'r#1' },
  { view: 'image', projectId: 'p', runId: 'r', round: 3, imageId: 'p/train/stadt/ä 100%' },
])('comes back from the address: %o', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route)
})

it.each(['', '#', '#/nonsense', '#/project', '#/project/'])('takes "%s" for the project list', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'projects' })
})

it('survives an address that was typed wrong', () => {
  expect(parseRoute('#/project/50%')).toEqual({ view: 'project', projectId: '50%' })
})
