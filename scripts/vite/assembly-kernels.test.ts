import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type ViteDevServer } from 'vite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { assemblyKernels } from './assembly-kernels'
import { type Assembly, compiledBinary } from './compile-assembly'

/** The compiler takes a second to start, many where others work beside it. */
const COMPILES = { timeout: 60_000 }

let assembly: Assembly
let folder: string
let server: ViteDevServer | undefined

const writeSum = (body: string) =>
  writeFile(join(folder, 'sum.as.ts'), `export function sum(a: i32, b: i32): i32 { ${body} }\n`)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cpral-studio-assembly-'))
  assembly = { sources: `${folder}/`, entry: 'assembly/kernels.as.ts', cache: join(folder, 'cache') }
  await mkdir(join(folder, 'assembly'))
  await writeFile(join(folder, 'assembly', 'kernels.as.ts'), `export { sum } from '../sum.as'\n`)
  await writeSum('return a + b')
})

afterEach(async () => {
  await server?.close()
  server = undefined
  await rm(folder, { recursive: true })
})

/** Everything that was ever compiled, as `name` of each version. */
async function compiled(): Promise<string[]> {
  const files = await readdir(assembly.cache, { recursive: true }).catch(() => [])
  return files.filter((name) => name.endsWith('.wasm')).map((name) => name.slice(name.indexOf('/') + 1))
}

async function run(binary: BufferSource): Promise<number> {
  const env = { memory: new WebAssembly.Memory({ initial: 1 }) }
  const { instance } = await WebAssembly.instantiate(binary, { env })
  return (instance.exports.sum as (a: number, b: number) => number)(2, 3)
}

test('compiles the binary that is asked for and no other', COMPILES, async () => {
  const path = await compiledBinary('kernels.wasm', assembly)
  expect(await run(await readFile(path))).toBe(5)
  expect(await compiled()).toEqual(['kernels.wasm'])
})

test('compiles a source again only when its content changed', COMPILES, async () => {
  const first = await compiledBinary('kernels.wasm', assembly)
  await writeFile(first, 'kept')
  await writeSum('return a + b')
  expect(await compiledBinary('kernels.wasm', assembly)).toBe(first)
  expect(await readFile(first, 'utf8')).toBe('kept')
  await writeSum('return a - b')
  const second = await compiledBinary('kernels.wasm', assembly)
  expect(second).not.toBe(first)
  expect(await run(await readFile(second))).toBe(-1)
  await writeSum('return a + b')
  expect(await compiledBinary('kernels.wasm', assembly)).toBe(first)
})

test('compiles once for all that ask at the same time', COMPILES, async () => {
  const paths = await Promise.all([0, 1, 2].map(() => compiledBinary('kernels.wasm', assembly)))
  expect(new Set(paths).size).toBe(1)
})

test('throws the words of the compiler, and compiles after the mistake is gone', COMPILES, async () => {
  await writeSum('return a + c')
  await expect(compiledBinary('kernels.wasm', assembly)).rejects.toThrow("Cannot find name 'c'")
  await writeSum('return a + b')
  await expect(compiledBinary('kernels.wasm', assembly)).resolves.toContain('kernels.wasm')
})

test('a server compiles when a page fetches, and reloads the page when a source changes', COMPILES, async () => {
  await writeFile(join(folder, 'page.ts'), `import url from './assembly/kernels.wasm?url'\nconsole.log(url)\n`)
  server = await createServer({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    plugins: [assemblyKernels(assembly)],
    server: { port: 0, host: '127.0.0.1' },
  })
  await server.listen()
  const origin = server.resolvedUrls?.local[0] ?? ''
  const load = async () => {
    const page = await (await fetch(`${origin}page.ts`)).text()
    const module = await (await fetch(new URL(/from "([^"]+)"|import "([^"]+)"/.exec(page)?.[1] ?? '', origin))).text()
    return new URL(/export default "([^"]+)"/.exec(module)?.[1] ?? '', origin)
  }
  const first = await load()
  expect(await compiled()).toEqual([])
  const response = await fetch(first)
  expect(response.headers.get('content-type')).toBe('application/wasm')
  expect(await run(await response.arrayBuffer())).toBe(5)
  expect(await compiled()).toEqual(['kernels.wasm'])

  const send = vi.spyOn(server.environments.client.hot, 'send')
  await writeSum('return a - b')
  await vi.waitFor(() => expect(send).toHaveBeenCalledWith(expect.objectContaining({ type: 'full-reload' })), 10_000)
  const second = await load()
  expect(second.href).not.toBe(first.href)
  expect(await run(await (await fetch(second)).arrayBuffer())).toBe(-1)

  await writeSum('return a + c')
  expect((await fetch(await load())).status).toBe(500)
})
