import { expect, test } from 'vitest'
import { networkOf } from './checkpoint-names'

const array = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) })

test('a network is what was trained, without its momenta', () => {
  const checkpoint = new Map([
    ['a.weight', array(1, 2)],
    ['momentum.a.weight', array(3, 4)],
    ['a.running_mean', array(5)],
  ])
  expect([...networkOf(checkpoint)]).toEqual([
    ['a.weight', array(1, 2)],
    ['a.running_mean', array(5)],
  ])
})

test('where a run averages, a network is its averages, under the names of what they average', () => {
  const checkpoint = new Map([
    ['a.weight', array(1, 2)],
    ['momentum.a.weight', array(3, 4)],
    ['a.running_mean', array(5)],
    ['average.a.weight', array(6, 7)],
    ['average.a.running_mean', array(8)],
  ])
  expect([...networkOf(checkpoint)]).toEqual([
    ['a.weight', array(6, 7)],
    ['a.running_mean', array(8)],
  ])
})
