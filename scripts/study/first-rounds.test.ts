import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeSafetensors } from '../../src/weights/safetensors'
import { isTrained } from './first-rounds'

let path: string
const file = (name: string) => join(path, name)

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'first-rounds-'))
  const arrays = new Map([['a', { shape: [2, 3], values: new Float32Array(6) }]])
  writeFileSync(file('checkpoint.safetensors'), new Uint8Array(writeSafetensors(arrays)))
  writeFileSync(file('first-round.json'), JSON.stringify({ losses: [1, 2], steps: 4, seconds: 1 }))
})

afterEach(() => rmSync(path, { recursive: true }))

test('a first round is there when both of its files are', () => {
  expect(isTrained(path)).toBe(true)
  rmSync(file('checkpoint.safetensors'))
  expect(isTrained(path)).toBe(false)
  expect(isTrained(file('nowhere'))).toBe(false)
})

test('one that was cut off anywhere is trained anew', () => {
  for (const name of ['first-round.json', 'checkpoint.safetensors']) {
    const whole = readFileSync(file(name))
    for (const length of [0, 5, 9, Math.floor(whole.length / 2), whole.length - 1]) {
      writeFileSync(file(name), whole.subarray(0, length))
      expect(isTrained(path), `${name}, ${length} bytes`).toBe(false)
    }
    writeFileSync(file(name), whole)
  }
  writeFileSync(file('first-round.json'), 'null')
  expect(isTrained(path)).toBe(false)
})
