import { expect, test } from 'vitest'
import { colorOfHex, cssColor, hexColor, isHexColor } from './color'

test('a colour comes back from its hexadecimal text', () => {
  expect(hexColor([5, 159, 255])).toBe('#059fff')
  expect(colorOfHex('#059fff')).toEqual([5, 159, 255])
  expect(cssColor([5, 159, 255])).toBe('rgb(5 159 255)')
})

test('only six hexadecimal digits behind # are a colour', () => {
  expect(['#059fff', '#ABCDEF'].every(isHexColor)).toBe(true)
  expect(['059fff', '#05f', '#05f05g', '#059fff0', 'red'].some(isHexColor)).toBe(false)
})
