import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resolveRequest, type StaticServer, startStaticServer } from './static-server'

let root: string
let server: StaticServer

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'static-server-'))
  root = join(folder, 'dist')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(root, 'index.html'), '<title>page</title>')
  await writeFile(join(root, 'assets', 'a b.wasm'), 'wasm')
  await writeFile(join(folder, 'secret'), 'secret')
  server = await startStaticServer(root, [0])
})

afterEach(async () => {
  await server.close()
  await rm(join(root, '..'), { recursive: true })
})

test('serves the page isolated from other origins', async () => {
  const response = await fetch(`http://127.0.0.1:${server.port}/?engine=wasm`)
  expect(await response.text()).toBe('<title>page</title>')
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  const asset = await fetch(`http://127.0.0.1:${server.port}/assets/a%20b.wasm`)
  expect(asset.headers.get('content-type')).toBe('application/wasm')
})

test('answers 404 for what is not there, and for everything outside its folder', async () => {
  for (const path of ['/none.js', '/assets', '/%2e%2e/secret', '/..%2fsecret', '/%ff']) {
    expect((await fetch(`http://127.0.0.1:${server.port}${path}`)).status, path).toBe(404)
  }
  expect(resolveRequest(root, '/../secret')).toBe(join(root, 'secret'))
  expect(resolveRequest(root, '/..%2fsecret')).toBeNull()
})

test('takes the next port when one is in use, and says so when all are', async () => {
  const second = await startStaticServer(root, [server.port, 0])
  expect(second.port).not.toBe(server.port)
  await second.close()
  await expect(startStaticServer(root, [server.port])).rejects.toThrow(`${server.port}`)
})
