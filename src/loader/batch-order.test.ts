import { describe, expect, it } from 'vitest'
import { batchOrder, passOrder } from './batch-order'

const IDS = ['a', 'b', 'c', 'd', 'e']

describe('a pass', () => {
  it('is padded to full batches by repetition', () => {
    const order = passOrder(IDS, 4, 1, 1, 0)
    expect(order).toHaveLength(8)
    expect([...order.slice(0, 5)].sort()).toEqual(IDS)
    expect(order.slice(5)).toEqual(order.slice(0, 3))
    expect(passOrder(['a'], 4, 1, 1, 0)).toEqual(['a', 'a', 'a', 'a'])
  })

  it('is another one each time, and the same again for the same counters', () => {
    expect(passOrder(IDS, 4, 1, 1, 0)).toEqual(passOrder(IDS, 4, 1, 1, 0))
    const orders = new Set(Array.from({ length: 10 }, (_, pass) => passOrder(IDS, 4, 1, 1, pass).join()))
    expect(orders.size).toBeGreaterThan(5)
  })
})

describe('batches of a round', () => {
  const batchOf = batchOrder(IDS, 2, 7, 3)

  it('go through pass after pass', () => {
    const passes = [0, 1, 2].map((pass) => [0, 1, 2].flatMap((step) => batchOf(3 * pass + step).ids))
    expect(passes).toEqual([0, 1, 2].map((pass) => passOrder(IDS, 2, 7, 3, pass)))
    expect(batchOf(7)).toEqual({ ids: passOrder(IDS, 2, 7, 3, 2).slice(2, 4), pass: 2, step: 1 })
  })

  it('do not depend on the step that a run begins with', () => {
    const later = batchOrder(IDS, 2, 7, 3)(8)
    expect(later).toEqual(batchOf(8))
  })
})
