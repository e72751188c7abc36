import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { readWeightsFile } from './weights-file'

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0))
const unicode = (text: string) => [0x58, text.length, 0, 0, 0, ...ascii(text)]
const global = (module: string, name: string) => ascii(`c${module}\n${name}\n`)
/** A tuple of what the instructions in between push. */
const tuple = (...parts: number[][]) => [0x28, ...parts.flat(), 0x74]
const one = (value: number) => [0x4b, value]

/** A reference to `count` numbers of a storage, at its beginning. */
function storage(type: number[], key: string, count: number): number[] {
  return [...tuple(unicode('storage'), type, unicode(key), unicode('cpu'), one(count)), 0x51]
}

const HOOKS = [...global('collections', 'OrderedDict'), 0x29, 0x52]

/** A tensor of two numbers of a kind without a class of storage, as PyTorch writes it since 2.1; `bytes` of both. */
function untyped(key: string, bytes: number, kind: string): number[] {
  const from = storage(global('torch.storage', 'UntypedStorage'), key, bytes)
  const given = tuple(from, one(0), tuple(one(2)), tuple(one(1)), [0x89], HOOKS, global('torch', kind))
  return [...global('torch._utils', '_rebuild_tensor_v3'), ...given, 0x52]
}

function float(key: string): number[] {
  const from = storage(global('torch', 'FloatStorage'), key, 2)
  const given = tuple(from, one(0), tuple(one(2)), tuple(one(1)), [0x89], HOOKS)
  return [...global('torch._utils', '_rebuild_tensor_v2'), ...given, 0x52]
}

const NUMBERS = new Uint8Array(Float32Array.of(1.5, -2).buffer)

function dict(items: Record<string, number[]>): number[] {
  const pairs = Object.entries(items).flatMap(([name, value]) => [...unicode(name), ...value])
  return [0x80, 2, 0x7d, 0x28, ...pairs, 0x75, 0x2e]
}

function archive(items: Record<string, number[]>, storages: Uint8Array[]): ArrayBuffer {
  const data = Object.fromEntries(storages.map((bytes, key) => [`w/data/${key}`, bytes]))
  return new Uint8Array(zipSync({ 'w/data.pkl': Uint8Array.from(dict(items)), ...data })).buffer
}

test.each([
  ['uint16', 4],
  ['uint32', 8],
  ['uint64', 16],
  ['float8_e4m3fn', 2],
  ['float8_e5m2', 2],
])('a tensor of %s beside others is left out, by the name of its kind', (kind, bytes) => {
  const items = { counter: untyped('0', bytes, kind), weight: float('1'), dtype: global('torch', 'bfloat16') }
  const arrays = readWeightsFile(archive(items, [new Uint8Array(bytes), NUMBERS]), 'w.pth')
  expect([...arrays].map(([name, { values }]) => [name, [...values]])).toEqual([['weight', [1.5, -2]]])
  expect([...(arrays.unread ?? [])]).toEqual([['counter', kind]])
})

test('in the older format too, where the numbers behind it must be found', () => {
  const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
  const facts = [0x80, 2, 0x4d, 0xe9, 3, 0x2e, 0x80, 2, 0x7d, 0x2e]
  const keys = [0x80, 2, 0x5d, 0x28, ...unicode('0'), ...unicode('1'), 0x65, 0x2e]
  const items = dict({ counter: untyped('0', 4, 'uint16'), weight: float('1') })
  const length = (count: number) => [count, 0, 0, 0, 0, 0, 0, 0]
  const numbers = [...length(4), 1, 2, 3, 4, ...length(2), ...NUMBERS]
  const file = Uint8Array.from([...magic, ...facts, ...items, ...keys, ...numbers])
  const arrays = readWeightsFile(file.buffer, 'w.pth')
  expect([...(arrays.get('weight')?.values ?? [])]).toEqual([1.5, -2])
  expect(arrays.unread?.get('counter')).toBe('uint16')
})

test('a tensor without a kind is damaged; other names of Python stay refused', () => {
  const noKind = untyped('0', 4, 'uint16').join().replace(global('torch', 'uint16').join(), '78')
  const damaged = archive({ a: noKind.split(',').map(Number) }, [new Uint8Array(4)])
  expect(() => readWeightsFile(damaged, 'w.pth')).toThrow(/"w\.pth" is damaged: a tensor in it has no kind of numbers/)
  for (const name of ['load', 'float8_e4m3fn.load', 'uint16 x', 'storage']) {
    const file = archive({ a: global('torch', name) }, [])
    expect(() => readWeightsFile(file, 'w.pth')).toThrow(/holds a Python object/)
  }
})
