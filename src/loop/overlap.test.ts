import { describe, expect, it } from 'vitest'
import { overlap } from './overlap'

const later = () => new Promise<void>((resolve) => setTimeout(resolve, 1))
const never = new AbortController().signal

/** Steps that note when they begin and end. */
function steps(events: string[], failing = '') {
  const step = async (name: string) => {
    events.push(name)
    await later()
    if (name === failing) throw new Error(`${name} failed`)
    events.push(`${name}.`)
  }
  return {
    read: async (item: number) => {
      await step(`read ${item}`)
      return 10 * item
    },
    compute: async (item: number, data: number) => {
      await step(`compute ${item}`)
      return data + 1
    },
    write: async (item: number, result: number) => step(`write ${item} ${result}`),
  }
}

describe('overlap', () => {
  it('reads ahead and writes behind, every item once and in order', async () => {
    const events: string[] = []
    await overlap([1, 2, 3], steps(events), never)
    expect(events.filter((event) => event.startsWith('write') && !event.endsWith('.'))).toEqual([
      'write 1 11',
      'write 2 21',
      'write 3 31',
    ])
    const at = (event: string) => events.indexOf(event)
    expect(at('read 2')).toBeLessThan(at('compute 1.'))
    expect(at('compute 2')).toBeLessThan(at('write 1 11.'))
    expect(at('write 1 11.')).toBeLessThan(at('write 2 21'))
    expect(events.at(-1)).toBe('write 3 31.')
  })

  it.each(['read 2', 'compute 2', 'write 1 11', 'write 3 31'])(
    'rejects when "%s" fails, with nothing under way',
    async (failing) => {
      const events: string[] = []
      await expect(overlap([1, 2, 3], steps(events, failing), never)).rejects.toThrow(`${failing} failed`)
      const settled = events.length
      await later()
      await later()
      expect(events).toHaveLength(settled)
      expect(events.filter((event) => event === failing)).toHaveLength(1)
    },
  )

  it('stops between two items when it is told to', async () => {
    const events: string[] = []
    const controller = new AbortController()
    const { read, compute, write } = steps(events)
    const stopping = async (item: number, data: number) => {
      if (item === 2) controller.abort()
      return compute(item, data)
    }
    await expect(overlap([1, 2, 3], { read, compute: stopping, write }, controller.signal)).rejects.toThrow()
    expect(events).toContain('write 2 21.')
    expect(events).not.toContain('compute 3')
  })
})
