import { expect, test } from 'vitest'
import { unroll } from './unroll'

test('a line stands once for every value of the names it holds', () => {
  expect(unroll('let a$p = x[$pu];\nreturn;', { p: 2 })).toBe('let a0 = x[0u];\nlet a1 = x[1u];\nreturn;')
  expect(unroll('s$p_$q += a$p * b$q;', { p: 2, q: 2 }).split('\n')).toEqual([
    's0_0 += a0 * b0;',
    's0_1 += a0 * b1;',
    's1_0 += a1 * b0;',
    's1_1 += a1 * b1;',
  ])
})

test('a text without names stays as it is', () => {
  expect(unroll('fn main() {}\n', { p: 4 })).toBe('fn main() {}\n')
})
