import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AppError } from '../domain/errors'
import { readWeightsFile } from './weights-file'

/** Made by tests/fixtures/make_pytorch_files.py. */
function fixture(name: string): ArrayBuffer {
  const bytes = readFileSync(new URL(`../../tests/fixtures/${name}`, import.meta.url))
  return new Uint8Array(bytes).buffer
}

function read(bytes: ArrayBuffer) {
  return Object.fromEntries(
    [...readWeightsFile(bytes, 'w.pth')].map(([name, { shape, values }]) => [name, [shape, [...values]]]),
  )
}

function refusal(bytes: ArrayBuffer): string {
  try {
    readWeightsFile(bytes, 'w.pth')
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad_file') return `${error.message} ${error.remedy}`
    throw error
  }
  return 'read without complaint'
}

const text = (value: string) => new TextEncoder().encode(value).buffer

for (const format of ['zip', 'legacy']) {
  test(`${format}: the state dict of a module, without its counter`, () => {
    expect(read(fixture(`state-dict.${format}.pth`))).toEqual({
      'conv.weight': [
        [3, 2, 1, 1],
        [0, 0.25, 0.5, 0.75, 1, 1.25],
      ],
      'bn.weight': [[3], [1, 1, 1]],
      'bn.bias': [[3], [0, 0, 0]],
      'bn.running_mean': [[3], [-1, 0.5, 2]],
      'bn.running_var': [[3], [1, 1, 1]],
    })
  })

  test(`${format}: every kind of real number, views, parameters`, () => {
    expect(read(fixture(`kinds.${format}.pth`))).toEqual({
      half: [[5], [1, -2.5, 65504, 2 ** -24, Number.POSITIVE_INFINITY]],
      bfloat16: [[3], [1, -2.5, Math.fround(2 ** 100)]],
      double: [[2], [Math.fround(0.1), Math.fround(-1e30)]],
      transposed: [
        [4, 3],
        [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11],
      ],
      column: [[3], [1, 5, 9]],
      scalar: [[], [7]],
      empty: [[0, 3], []],
      parameter: [[2], [3, 4]],
    })
  })

  test(`${format}: the state dict inside a training checkpoint`, () => {
    expect(read(fixture(`checkpoint.${format}.pth`))).toEqual({ 'module.w': [[2], [1, 2]] })
  })

  test(`${format}: refuses anything but a table of tensors`, () => {
    expect(refusal(fixture(`no-tensors.${format}.pth`))).toMatch(
      /"w\.pth" holds no dict of tensors\. Save the state dict/,
    )
    expect(refusal(fixture(`whole-module.${format}.pth`))).toMatch(
      /"w\.pth" holds a Python object "torch\.nn\.modules\.linear\.Linear", not only tensors\. .*state_dict\(\)/,
    )
  })

  test(`${format}: says that a file is cut short, wherever the cut is`, () => {
    const whole = fixture(`state-dict.${format}.pth`)
    for (const share of [0.02, 0.2, 0.5, 0.7, 0.9, 0.999]) {
      expect(refusal(whole.slice(0, Math.floor(share * whole.byteLength))), `${share}`).toMatch(/truncated|missing/)
    }
  })
}

test('never runs what a pickle names', () => {
  const pickle = (body: string) => text(`\u0002${body}`)
  const evil = new Uint8Array(pickle('cos\nsystem\nX\u0004\0\0\0echo\u0085R.'))
  const bytes = Uint8Array.of(0x80, ...evil)
  expect(refusal(bytes.buffer)).toMatch(/holds a Python object "os\.system"/)
  expect(refusal(Uint8Array.of(0x80, 2, 0x4b, 1, 0x2e).buffer)).toMatch(/a Python pickle, but not one of torch\.save/)
  expect(refusal(Uint8Array.of(0x80, 2, 0x93, 0x2e).buffer)).toMatch(/the pickle instruction 0x93/)
  expect(refusal(Uint8Array.of(0x80, 2, 0x75, 0x2e).buffer)).toMatch(/is damaged/)
})

test('knows a web page and another zip archive', () => {
  expect(refusal(text('\n<!doctype html><title>Model</title>'))).toMatch(/"w\.pth" is a web page.*\/resolve\//)
  const emptyZip = Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(40)).buffer
  expect(refusal(emptyZip)).toMatch(/zip archive cannot be read/)
})
