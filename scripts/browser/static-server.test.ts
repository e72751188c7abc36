import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
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

test('sends the policy, and nothing that a browser could guess or keep', async () => {
  const { headers } = await fetch(`http://127.0.0.1:${server.port}/`)
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cache-control')).toBe('no-cache')
})

test('takes weights from the origins it is given', async () => {
  const other = await startStaticServer(root, [0], { weightsOrigins: ['http://weights.localhost'] })
  const { headers } = await fetch(`http://127.0.0.1:${other.port}/`)
  await other.close()
  expect(headers.get('content-security-policy')).toMatch(/connect-src [^;]*http:\/\/weights\.localhost(;| )/)
})

test('as a plain host, sends neither isolation nor policy', async () => {
  const plain = await startStaticServer(root, [0], { isPlain: true })
  const { headers } = await fetch(`http://127.0.0.1:${plain.port}/`)
  await plain.close()
  expect([...headers.keys()].filter((name) => /cross-origin|policy|x-content/.test(name))).toEqual([])
  expect(headers.get('cache-control')).toBe('no-cache')
})

test('answers HEAD with the length and without the file', async () => {
  const response = await fetch(`http://127.0.0.1:${server.port}/assets/a%20b.wasm`, { method: 'HEAD' })
  expect(response.headers.get('content-length')).toBe('4')
  expect(await response.text()).toBe('')
})

/** Asks for a file and hangs up at its first bytes. */
function abortDownload(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: server.port, path, agent: false }, (response) => {
      response.once('data', () => {
        response.destroy()
        resolve()
      })
    }).once('error', reject)
  })
}

test('closes the file of a download that is aborted', async () => {
  // More than the buffers between the two ends hold, so that the file is still being read when the reader leaves.
  await writeFile(join(root, 'large.wasm'), new Uint8Array(16 << 20))
  const openDescriptors = () => readdirSync('/dev/fd').length
  const before = openDescriptors()
  const downloads = 40
  for (let i = 0; i < downloads; i++) await abortDownload('/large.wasm')
  await expect.poll(openDescriptors, { timeout: 3000 }).toBeLessThan(before + downloads / 4)
})

test('answers 404 for what is not there, and for everything outside its folder', async () => {
  for (const path of ['/none.js', '/assets', '/%2e%2e/secret', '/..%2fsecret', '/%ff', '/%ff.html', '/%00.html']) {
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
