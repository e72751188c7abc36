import { expect, test } from 'vitest'
import { decodeText, encodingQuestion, splitLines } from './text'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
function utf16(text: string, isBigEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length))
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !isBigEndian)
  return new Uint8Array(view.buffer)
}

test.each([
  ['UTF-8', new TextEncoder().encode('Straße\n道路\n'), 'Straße\n道路\n', 'utf-8'],
  ['UTF-8 with a mark', new TextEncoder().encode('\uFEFFroad\nStraße'), 'road\nStraße', 'utf-8'],
  ['UTF-16 LE with a mark', utf16('\uFEFFroad\r\ncar\r\n', false), 'road\r\ncar\r\n', 'utf-16le'],
  ['UTF-16 BE with a mark', utf16('\uFEFFroad\r\n道路', true), 'road\r\n道路', 'utf-16be'],
  ['UTF-16 LE without a mark', utf16('road\r\ncar', false), 'road\r\ncar', 'utf-16le'],
  ['UTF-16 BE without a mark', utf16('Gebäude\ncar', true), 'Gebäude\ncar', 'utf-16be'],
  ['UTF-16 LE without a mark, Chinese', utf16('道路\n树木\n', false), '道路\n树木\n', 'utf-16le'],
  ['one stray zero is no UTF-16', latin1('road\ncar\0\ntree\n'), 'road\ncar\0\ntree\n', 'utf-8'],
  ['nothing', new Uint8Array(0), '', 'utf-8'],
])('%s', (_name, encoded, text, encoding) => {
  expect(decodeText(encoded)).toEqual({ text, encoding, isSure: true, guesses: [] })
})

test.each([
  ['windows-1252', latin1('Gebäude\nStraße\n'), 'Gebäude\nStraße\n'],
  ['windows-1252', latin1('Gebäude'), 'Gebäude'],
  ['windows-1252', latin1('Übergang\nFußgänger\nGrün'), 'Übergang\nFußgänger\nGrün'],
  ['windows-1252', latin1('forêt,0,128,0\nchâteau,9,9,9\npiéton,1,2,3'), 'forêt,0,128,0\nchâteau,9,9,9\npiéton,1,2,3'],
  ['windows-1252', latin1('vegetação\nárvore\nchão\n'), 'vegetação\nárvore\nchão\n'],
  ['windows-1252', latin1('90\xb0\nFußweg'), '90°\nFußweg'],
  ['windows-1252', latin1('Ö'), 'Ö'],
  ['gbk', bytes('b5c0c2b7'), '道路'],
  ['gbk', bytes('b1b3beb00ab5c0c2b70acaf7c4be0abda8d6fe0a'), '背景\n道路\n树木\n建筑\n'],
  ['big5', bytes('b944b8f40abe f0a4ec0a'.replace(' ', '')), '道路\n樹木\n'],
  ['shift_jis', bytes('93b998480a8ed40a8bf30a'), '道路\n車\n空\n'],
  ['shift_jis', bytes('83508381 0a82cd82c8'.replace(' ', '')), 'ケメ\nはな'],
  ['euc-kr', bytes('b5b5b7ce0ac2f70ab3aab9ab0a'), '도로\n차\n나무\n'],
  ['windows-1251', bytes('e4eef0eee3e00a e7e4e0ede8e50acde5e1ee'.replace(' ', '')), 'дорога\nздание\nНебо'],
  ['windows-1250', bytes('b3b96b610a64726f67610a6b61bf64790a'), 'łąka\ndroga\nkażdy\n'],
  ['macintosh', bytes('476562 8a756465'.replace(' ', '')), 'Gebäude'],
])('%s by what it reads as: %#', (encoding, encoded, text) => {
  expect(decodeText(encoded)).toMatchObject({ encoding, text })
})

test('a guess that may be wrong is asked for, and the answer counts', () => {
  const encoded = bytes('b7e7c9f9')
  const decoded = decodeText(encoded)
  expect(decoded.isSure).toBe(false)
  const question = encodingQuestion('a/classes.txt', decoded)
  expect(question).toMatchObject({ id: 'encoding:a/classes.txt', answer: decoded.encoding })
  expect(question?.question).toContain('"a/classes.txt"')
  expect(question?.options.map(({ label }) => label)).toContain('gbk: 风声')
  expect(question?.options.map(({ value }) => value)).toContain('euc-kr')
  expect(decodeText(encoded, 'big5')).toMatchObject({ encoding: 'big5', isSure: true })
  expect(encodingQuestion('a', decodeText(latin1('road')))).toBeNull()
})

test('UTF-8 with a damaged byte stays UTF-8', () => {
  const encoded = new TextEncoder().encode('道路\n树木\n建筑\n天空\n背景 ')
  encoded[encoded.length - 1] = 0xff
  expect(decodeText(encoded).text).toBe('道路\n树木\n建筑\n天空\n背景\uFFFD')
})

test('all kinds of line ends, mixed or not', () => {
  expect(splitLines('\uFEFFa\rb\rc')).toEqual(['a', 'b', 'c'])
  expect(splitLines('a\r\nb\nc\rd\n\ne')).toEqual(['a', 'b', 'c', 'd', '', 'e'])
})
