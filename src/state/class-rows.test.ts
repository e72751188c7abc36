import { expect, test } from 'vitest'
import { CITYSCAPES_CLASSES, generatedColor } from '../domain/classes'
import { hexColor } from '../domain/color'
import { classesOf, withClass, withListed, withoutClass } from './class-rows'

const ROWS = [
  { id: 1, name: 'door, double', color: '#010203' },
  { id: 0, name: ' wall ', color: '#ff8000' },
]

test('names are kept whole, commas and all; numbers stay whatever the order', () => {
  expect(classesOf(ROWS)).toEqual([
    { name: 'wall', color: [255, 128, 0] },
    { name: 'door, double', color: [1, 2, 3] },
  ])
})

test('a file without colours recolours nothing; its new classes get colours of their own', () => {
  const rows = withListed(ROWS, [
    { name: 'wall', color: null },
    { name: 'roof', color: null },
  ])
  expect(rows.slice(0, 2)).toEqual(ROWS)
  expect(classesOf(rows)[2]).toEqual({ name: 'roof', color: generatedColor(2) })
})

test('a file with colours recolours what has the same name', () => {
  const rows = withListed(ROWS, [
    { name: 'door, double', color: [9, 8, 7] },
    { name: 'roof', color: [4, 5, 6] },
    { name: 'roof', color: [6, 5, 4] },
  ])
  expect(rows.map(({ id, name, color }) => [id, name, color])).toEqual([
    [1, 'door, double', '#090807'],
    [0, ' wall ', '#ff8000'],
    [2, 'roof', '#060504'],
  ])
  expect(withClass(rows, { name: '', color: null }).at(-1)?.id).toBe(3)
})

test('a new class is mistaken for none that is there', () => {
  const rows = CITYSCAPES_CLASSES.map(({ name, color }, id) => ({ id, name, color: hexColor(color) }))
  const [added] = classesOf(withClass(rows, { name: 'bollard', color: null })).slice(-1)
  const distances = CITYSCAPES_CLASSES.map(({ color }) => Math.hypot(...color.map((each, i) => each - added.color[i])))
  expect(Math.min(...distances)).toBeGreaterThan(40)
})

test('a class that was added in vain goes; those behind it move up', () => {
  const rows = ['', 'roof'].reduce((all, name) => withClass(all, { name, color: null }), ROWS)
  expect(withoutClass(rows, 2).map(({ id, name }) => [id, name])).toEqual([
    [1, 'door, double'],
    [0, ' wall '],
    [2, 'roof'],
  ])
})
