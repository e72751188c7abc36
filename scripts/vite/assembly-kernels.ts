/**
 * Vite plugin behind imports of `src/kernels/assembly/kernels*.wasm?url`, which are no files but compiled from the AssemblyScript of
 * the kernels (`*.as.ts`). A build compiles every binary that is imported, a server (`npm run dev`, vitest) one when a page fetches it;
 * both take it from the cache when its sources did not change. The modules that import a binary depend on its sources: an edit reloads
 * the page, and lets vitest's watch mode run their tests again.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Connect, Plugin, ResolvedConfig } from 'vite'
import { type Assembly, compiledBinary, isBinary, listSources, versionOf } from './compile-assembly.ts'

const path = (url: string) => fileURLToPath(new URL(url, import.meta.url))

const KERNELS: Assembly = {
  sources: path('../../src/kernels/'),
  entry: 'assembly/kernels.as.ts',
  cache: path('../../node_modules/.cache/assembly-kernels/'),
}

/** The binary that an import asks for. */
function importedBinary(specifier: string): string | null {
  const name = /\/assembly\/([\w-]+\.wasm)\?url$/.exec(specifier)?.[1] ?? ''
  return isBinary(name) ? name : null
}

export function assemblyKernels(assembly: Assembly = KERNELS): Plugin {
  let config: ResolvedConfig
  const servedAt = () => `${config.base}@assembly-kernels/`

  const serve: Connect.NextHandleFunction = async (request, response, next) => {
    const name = basename(request.url ?? '')
    if (!isBinary(name)) return next()
    try {
      const binary = await readFile(await compiledBinary(name, assembly))
      response.setHeader('Content-Type', 'application/wasm')
      response.end(binary)
    } catch (error) {
      next(error)
    }
  }

  return {
    name: 'assembly-kernels',
    enforce: 'pre',
    configResolved: (resolved) => {
      config = resolved
    },
    async resolveId(specifier) {
      const name = importedBinary(specifier)
      if (!name) return null
      if (config.command === 'build') return `${await compiledBinary(name, assembly)}?url`
      return `${assembly.sources}assembly/${name}?url`
    },
    async load(id) {
      const name = config.command === 'serve' && importedBinary(id)
      if (!name) return null
      for (const source of await listSources(assembly)) this.addWatchFile(source)
      return `export default ${JSON.stringify(`${servedAt()}${await versionOf(assembly)}/${name}`)}`
    },
    configureServer: (server) => {
      server.middlewares.use(servedAt(), serve)
    },
  }
}
