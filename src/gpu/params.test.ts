import { expect, test } from 'vitest'
import { ParamsLayout } from './params'

const layoutOf = (members: string, label = 'example') =>
  new ParamsLayout({ label, source: `override WORKGROUP: u32;\nstruct Params { ${members} }\nstruct Other { z: u32 }` })

const words = (members: string, params: Record<string, number | number[]>) => [...layoutOf(members).pack(params)]

const bitsOf = (value: number) => new Uint32Array(new Float32Array([value]).buffer)[0]

test('members are laid out in the order of the struct, not of the object', () => {
  const members = 'size: u32, factor: f32, shift: i32,'
  const want = [7, bitsOf(0.1), 2 ** 32 - 3]
  expect(words(members, { size: 7, factor: 0.1, shift: -3 })).toEqual(want)
  expect(words(members, { shift: -3, size: 7, factor: 0.1 })).toEqual(want)
})

test('integers are modulo 2^32, as hashes and negative numbers need', () => {
  expect(words('a: u32, b: i32', { a: -1, b: 2 ** 32 + 5 })).toEqual([2 ** 32 - 1, 5])
})

test.each([
  ['a: u32, b: vec2u, c: u32', { a: 1, b: [2, 3], c: 4 }, [1, 0, 2, 3, 4, 0]],
  ['a: u32, b: vec3<u32>, c: u32', { a: 1, b: [2, 3, 4], c: 5 }, [1, 0, 0, 0, 2, 3, 4, 5]],
  ['a: vec3u, b: vec2i, c: i32', { a: [1, 2, 3], b: [4, 5], c: 6 }, [1, 2, 3, 0, 4, 5, 6, 0]],
  ['a: u32, b: u32, c: vec4i', { a: 1, b: 2, c: [3, 4, 5, 6] }, [1, 2, 0, 0, 3, 4, 5, 6]],
  ['a: u32, b: vec2f', { a: 1, b: [0.5, -2] }, [1, 0, bitsOf(0.5), bitsOf(-2)]],
  ['a: u32', { a: 9 }, [9]],
])('vectors of "%s" are aligned as WGSL aligns them', (members, params, want) => {
  expect(words(members, params)).toEqual(want)
})

test('comments and line breaks of the struct mean nothing', () => {
  const members = '\n  a: u32, // rows, b: u32\n  /* c: f32, */\n  d: u32,\n'
  expect(words(members, { a: 1, d: 2 })).toEqual([1, 2])
})

test('a missing name is an error that names module and name', () => {
  const layout = layoutOf('rows: u32, columns: u32', 'column-sums')
  expect(() => layout.pack({ rows: 3 })).toThrow('The kernel column-sums was not given its parameter columns.')
  expect(() => layout.pack({ rows: 3, column: 4 })).toThrow('not given its parameter columns')
})

test('an extra name is an error that names module and name', () => {
  const layout = layoutOf('rows: u32, columns: u32', 'column-sums')
  expect(() => layout.pack({ rows: 3, columns: 4, slices: 2, lanes: 1 })).toThrow(
    'The kernel column-sums has no parameter slices, lanes.',
  )
})

test('a vector where a number belongs is an error, and a vector of another length', () => {
  const layout = layoutOf('size: u32, stride: vec2i')
  expect(() => layout.pack({ size: [1], stride: [1, 2] })).toThrow('parameter size of the kernel example')
  expect(() => layout.pack({ size: 1, stride: 2 })).toThrow('parameter stride of the kernel example')
  expect(() => layout.pack({ size: 1, stride: [1, 2, 3] })).toThrow('it takes 2')
})

test('a call leaves nothing behind for the next one', () => {
  const layout = layoutOf('a: u32, b: vec2u')
  expect([...layout.pack({ a: 1, b: [2, 3] })]).toEqual([1, 0, 2, 3])
  expect([...layout.pack({ a: 4, b: [5, 6] })]).toEqual([4, 0, 5, 6])
})

test.each(['a: mat2x2f', 'a: array<u32, 4>', '@size(16) a: u32', 'a: f16', 'a: Size'])('"%s" is refused', (members) => {
  expect(() => layoutOf(members)).toThrow('The kernel example has a member of Params that cannot be filled')
})

test('a module without Params is refused', () => {
  const module = { label: 'bare', source: '// struct Params { a: u32 }\nfn main() {}' }
  expect(() => new ParamsLayout(module)).toThrow('The kernel bare declares no struct Params.')
})

const modules = import.meta.glob<string>('../**/*.wgsl', { query: '?raw', import: 'default', eager: true })
const withParams = Object.entries(modules).filter(([, source]) => source.includes('var<uniform> params'))

test('there are kernels to look at', () => {
  expect(withParams.length).toBeGreaterThan(30)
})

test.each(withParams)('the Params of %s can be laid out', (label, source) => {
  expect(() => new ParamsLayout({ label, source })).not.toThrow()
})
