/** Weights from an address: a server of another origin, as a hub is one. */
import { createHash } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTinyRun, openSession, type Session } from './session.ts'
import { mobileNetFile } from './weights-files.ts'

const FILE = mobileNetFile(0.35)
const HASH = createHash('sha256').update(FILE).digest('hex')
const OPEN = { 'Access-Control-Allow-Origin': '*' }

let session: Session
let server: Server
let origin: string
let requests: string[]

function answer(path: string, response: ServerResponse): void {
  const send = (status: number, headers: Record<string, string | number>, body: Uint8Array | string) =>
    response.writeHead(status, headers).end(body)
  if (path === '/timm/net/resolve/main/model.safetensors') send(200, { ...OPEN, 'Content-Length': FILE.length }, FILE)
  else if (path === '/closed.safetensors') send(200, {}, FILE)
  else if (path === '/page.safetensors') send(200, { ...OPEN, 'Content-Type': 'text/html; charset=utf-8' }, '<html>')
  else if (path === '/text.safetensors') send(200, OPEN, '<!doctype html>')
  else if (path === '/cut.safetensors') {
    response.writeHead(200, { ...OPEN, 'Content-Length': FILE.length })
    response.write(FILE.subarray(0, 1000), () => response.destroy())
  } else send(404, OPEN, 'none')
}

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request.url ?? '')
    answer(request.url ?? '', response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  session = await openSession({ weightsOrigins: [origin] })
  const { page } = session
  const { projectId } = await createTinyRun(page)
  await page.goto(`${new URL(page.url()).origin}/?engine=wasm#/project/${projectId}`)
  await page.reload()
  await page.getByTestId('new-run').click()
  await page.getByTestId('new-run-panel').waitFor()
})

beforeEach(() => {
  requests = []
})

afterAll(async () => {
  await session?.close()
  server?.close()
})

async function fetchFrom(path: string): Promise<void> {
  const { page } = session
  await page.getByTestId('weights-url').fill(origin + path)
  await page.getByRole('button', { name: 'Fetch', exact: true }).click()
}

test('weights are fetched once, named by their hash, and the run remembers them', async () => {
  const { page } = session
  const path = '/timm/net/resolve/main/model.safetensors'
  await fetchFrom(path)
  const facts = page.getByTestId('weights-facts')
  await facts.waitFor()
  expect(await facts.textContent()).toMatch(new RegExp(`MobileNetV2, .*torchvision.*${HASH}.*${path}`, 's'))
  expect(await page.getByTestId('weights').locator('option:checked').textContent()).toContain(
    'timm/net/model.safetensors',
  )
  await page.getByTestId('weights').selectOption('')
  await facts.waitFor({ state: 'detached' })
  await fetchFrom(path)
  await facts.waitFor()
  expect(requests).toEqual([path])
  const run = await page.evaluate(
    async ({ key }) => {
      const [project] = await studio.data.listProjects()
      if (!project) throw new Error('no project')
      const facts = studio.factsOf(project, { height: 128, width: 256 })
      const config = studio.defaultConfig(facts, 'tiny', { weights: key })
      return await studio.compute.createRun({ projectId: project.id, config })
    },
    { key: HASH },
  )
  expect(run.initialWeights).toEqual({ name: 'timm/net/model.safetensors', sha256: HASH, source: origin + path })
})

test.each([
  [
    '/closed.safetensors',
    /could not be reached, or its server does not let other web pages read it.*download any other file yourself/,
  ],
  ['/nothing.safetensors', /nothing\.safetensors answered 404.*no such file.*\/resolve\/main\//],
  ['/page.safetensors', /page\.safetensors is a web page, not a weights file.*\/resolve\/ in place of \/blob\//],
  ['/text.safetensors', /"text\.safetensors" is a web page, not a weights file/],
  ['/cut.safetensors', /The download of .*cut\.safetensors broke off after \d+ bytes.*Try again/],
])('%s ends in a sentence', async (path, sentence) => {
  await fetchFrom(path)
  const alert = session.page.getByRole('alert').first()
  await alert
    .getByText(/\.safetensors/)
    .first()
    .waitFor()
  await expect.poll(async () => ((await alert.textContent()) ?? '').replaceAll(/\s+/g, ' ')).toMatch(sentence)
})

test('nothing was asked for from anywhere but that server', () => {
  expect(session.strangers.filter((url) => !url.startsWith(origin))).toEqual([])
})

test('the policy lets neither page nor worker ask another host', async () => {
  const { page } = session
  const stranger = createServer((request, response) => {
    requests.push(`stranger ${request.url}`)
    response.writeHead(200, OPEN).end(FILE)
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  try {
    await page.getByTestId('weights-url').fill(`${elsewhere}/net.safetensors`)
    await page.getByRole('button', { name: 'Fetch', exact: true }).click()
    await page.getByRole('alert').getByText(`${elsewhere}/net.safetensors could not be reached`).waitFor()
    const forbidden = await page.evaluate(async (address) => {
      const told = new Promise<string>((resolve) =>
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true,
        }),
      )
      const image = new Image()
      image.src = `${address}/pixel.png`
      const fetched = await fetch(address).then(
        () => true,
        () => false,
      )
      return { fetched, directive: await told }
    }, elsewhere)
    expect(forbidden).toEqual({ fetched: false, directive: expect.stringMatching(/^(img|connect)-src$/) })
    expect(requests).toEqual([])
  } finally {
    stranger.close()
  }
})
