/** The plan of the house, walked import by import: see `scripts/checks/rooms.ts` and ARCHITECTURE.md. */
import { describe, expect, it } from 'vitest'
import { circles, type Room, reach, type Source, upward, walk } from '../scripts/checks/rooms'

const sources = walk()
const source = (path: string, room: Room, imports: string[]): Source => ({
  path,
  room,
  imports,
  packages: [],
  text: '',
})
const importsOf = (path: string) => sources.find((candidate) => candidate.path === path)?.imports

describe('the walk', () => {
  it('sees imports of types, of components, of workers by address and those that come late', () => {
    expect(importsOf('src/rpc/contract.ts')).toContain('src/domain/run.ts')
    expect(importsOf('src/ui/App.svelte')).toContain('src/state/studio.svelte.ts')
    expect(importsOf('src/ui/run/RunView.svelte')).toContain('src/ui/run/Pipeline.svelte')
    expect(importsOf('src/app/open-workers.ts')).toContain('workers/compute.worker.ts')
    expect(importsOf('src/app/automation.ts')).toContain('src/report/report.ts')
    expect(importsOf('scripts/commands/start.ts')).toContain('scripts/browser/ensure-build.ts')
  })

  it('finds an arrow upward and a circle of any length, and nothing where there is none', () => {
    const straight = [source('src/domain/a.ts', 'domain', []), source('src/math/b.ts', 'math', ['src/domain/a.ts'])]
    expect([upward(straight), circles(straight)]).toEqual([[], []])
    const round = [
      source('src/domain/a.ts', 'domain', ['src/ui/c.svelte']),
      source('src/math/b.ts', 'math', ['src/domain/a.ts']),
      source('src/ui/c.svelte', 'ui', ['src/math/b.ts']),
    ]
    expect(upward(round)).toEqual(['src/domain/a.ts -> src/ui/c.svelte'])
    expect(circles(round)).toEqual([['src/domain/a.ts', 'src/math/b.ts', 'src/ui/c.svelte']])
    expect(circles([source('src/math/b.ts', 'math', ['src/math/b.ts'])])).toEqual([['src/math/b.ts']])
  })
})

describe('the house', () => {
  it('has no import upward, types included', () => {
    expect(upward(sources)).toEqual([])
  })

  it('has no circle, types included', () => {
    expect(circles(sources)).toEqual([])
  })

  it.each([
    ['workers/data.worker.ts', ['gpu', 'kernels', 'engine', 'model', 'compute', 'loop']],
    ['workers/superpixel.worker.ts', ['storage', 'gpu', 'kernels', 'engine', 'model', 'compute', 'loop']],
    ['workers/loader.worker.ts', ['gpu', 'kernels', 'engine', 'model', 'compute', 'loop']],
    ['workers/pyramid.worker.ts', ['storage', 'gpu', 'kernels', 'engine', 'model', 'compute', 'loop']],
  ])('%s needs no tfjs, nor a room that does', (worker, rooms) => {
    const needed = reach(sources, worker)
    expect(needed.flatMap(({ packages }) => packages).filter((name) => name.startsWith('@tensorflow'))).toEqual([])
    expect(needed.filter(({ room }) => rooms.includes(room)).map(({ path }) => path)).toEqual([])
  })

  it('keeps tfjs to the rooms of the device, and of tfjs to its core and two engines', () => {
    const users = sources.filter(({ packages }) => packages.some((name) => name.startsWith('@tensorflow')))
    const rooms = new Set(users.map(({ room }) => room).filter((room) => room !== 'scripts'))
    expect([...rooms].filter((room) => !['gpu', 'kernels', 'engine', 'model', 'compute'].includes(room))).toEqual([])
    const whole = users.filter(({ room, packages }) => room !== 'scripts' && packages.includes('@tensorflow/tfjs'))
    expect(whole.map(({ path }) => path)).toEqual([])
  })

  it('keeps comlink to rpc and the workers, idb to storage, and Svelte to the screen', () => {
    const usersOf = (name: string) =>
      new Set(
        sources.filter(({ room, packages }) => room !== 'scripts' && packages.includes(name)).map(({ room }) => room),
      )
    expect(usersOf('comlink')).toEqual(new Set(['rpc', 'workers']))
    expect(usersOf('idb')).toEqual(new Set(['storage']))
    expect([...usersOf('svelte')].filter((room) => !['state', 'ui', 'app'].includes(room))).toEqual([])
  })
})
