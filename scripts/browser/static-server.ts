/**
 * Serves the built app from `dist` with the headers that give the WASM engine its threads. Knows no other folder.
 *
 * Vite's `preview()` was measured in its place (8.3.8): it keeps the file of every aborted download open as well, ends the
 * process on SIGTERM, which the headless commands answer themselves, and dies of an address such as `/%ff.html`.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { contentSecurityPolicy, ISOLATION_HEADERS } from '../../src/domain/security-policy'

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.safetensors': 'application/octet-stream',
}

/** No caching, since a new build keeps the page's name. */
const CACHE_HEADERS = { 'Cache-Control': 'no-cache' }

interface ServerOptions {
  /** Answers as a plain static host does, without the headers of isolation and policy. */
  isPlain?: boolean
  /** Where the page may take weights from, in place of the usual host. */
  weightsOrigins?: readonly string[]
}

function headersFor({ isPlain, weightsOrigins }: ServerOptions): Record<string, string> {
  if (isPlain) return CACHE_HEADERS
  return {
    ...CACHE_HEADERS,
    ...ISOLATION_HEADERS,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': contentSecurityPolicy(weightsOrigins),
  }
}

export interface StaticServer {
  port: number
  close(): Promise<void>
}

/** File below `root` that a request path names, or null when it leads outside or is malformed. */
export function resolveRequest(root: string, url: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname)
  } catch {
    return null
  }
  if (path.includes('\0')) return null
  const file = normalize(join(root, path.endsWith('/') ? `${path}index.html` : path))
  return file.startsWith(root + sep) ? file : null
}

async function answer(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
): Promise<void> {
  const file = resolveRequest(root, request.url ?? '/')
  const found = file ? await stat(file).catch(() => null) : null
  if (!file || !found?.isFile()) {
    response.writeHead(404, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n')
    return
  }
  const type = MEDIA_TYPES[extname(file)] ?? 'application/octet-stream'
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': found.size })
  if (request.method === 'HEAD') response.end()
  // Unlike `pipe`, closes the file when the reader hangs up.
  else await pipeline(createReadStream(file), response)
}

function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    }
    server.once('error', refused)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused)
      resolve(true)
    })
  })
}

/** Starts on the first free of `ports` (0 = any free one). Answers on the loopback address only. */
export async function startStaticServer(
  root: string,
  ports: readonly number[],
  options: ServerOptions = {},
): Promise<StaticServer> {
  const server = createServer((request, response) => {
    answer(root, request, response, headersFor(options)).catch((error: unknown) => response.destroy(error as Error))
  })
  for (const port of ports) {
    if (!(await listen(server, port))) continue
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    return { port: (server.address() as AddressInfo).port, close }
  }
  throw new Error(
    `Ports ${ports.join(', ')} are all taken. Close the program that holds them, or set PORT to a free one.`,
  )
}
