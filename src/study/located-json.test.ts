import { expect, test } from 'vitest'
import { JsonFault, parseLocatedJson } from './located-json'

test.each([
  '{"a":[1,-2.5e3,true,false,null,"x\\"\\u00e9\\\\"],"b":{},"c":[]}',
  ' [ ] ',
  '\r\n{ "a" :\t0.5 }\n',
  '"\u00e4\u{1F600}"',
  '3',
])('what is right is read as JSON.parse reads it: %s', (text) => {
  expect(parseLocatedJson(text)).toEqual(JSON.parse(text))
})

test('a mark of the byte order is no mistake', () => {
  expect(parseLocatedJson('\uFEFF[1]')).toEqual([1])
})

test.each([
  ['', 1, 1, 'should begin a value, and the text ends'],
  ['{\n  "a": 1,\n}', 2, 9, 'has a comma before "}", which must go'],
  ['[1, 2,\n ]', 1, 6, 'has a comma before "]", which must go'],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'should have "," or "}", and there is "\\""'],
  ['{"a" 1}', 1, 6, 'should have ":" after the key "a", and there is "1"'],
  ["{'a': 1}", 1, 2, 'should begin a key in double quotes, and there is "\'"'],
  ['{"a": 1, "b": 2,\n "a": 3}', 2, 2, 'has the key "a" a second time'],
  ['["a\nb"]', 1, 2, 'begins a text that does not end on its line or holds a wrong escape'],
  ['["\\x"]', 1, 2, 'begins a text that does not end on its line or holds a wrong escape'],
  ['[01]', 1, 3, 'should have "," or "]", and there is "1"'],
  ['[.5]', 1, 2, 'should begin a value, and there is "."'],
  ['[1', 1, 3, 'should have "," or "]", and the text ends'],
  ['{} // done', 1, 4, 'has something after the end of the value'],
])('a mistake in %j is found at line %i, column %i', (text, line, column, problem) => {
  expect(() => parseLocatedJson(text)).toThrow(new JsonFault(line, column, problem))
})

test('a key called __proto__ is a key', () => {
  expect(Object.keys(parseLocatedJson('{"__proto__": 1}') as object)).toEqual(['__proto__'])
})
