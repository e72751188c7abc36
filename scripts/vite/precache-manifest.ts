import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** What stands in the service worker's source for the list of files. */
const PLACEHOLDER = 'self.__WB_MANIFEST'
export const SERVICE_WORKER = 'service-worker.js'

const hashOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex').slice(0, 16)

/** Tells the service worker which files the build is made of, each with its version. */
export function precacheManifest(): Plugin {
  let publicFolder = ''
  return {
    name: 'precache-manifest',
    apply: 'build',
    enforce: 'post',
    configResolved: ({ publicDir }) => {
      publicFolder = publicDir
    },
    generateBundle(_, bundle) {
      const worker = bundle[SERVICE_WORKER]
      if (worker?.type !== 'chunk' || !worker.code.includes(PLACEHOLDER)) {
        this.error(`${SERVICE_WORKER} does not ask for the list of files.`)
      }
      const built = Object.values(bundle)
        .filter((file) => file !== worker && !file.fileName.endsWith('.map'))
        .map((file) => ({ url: file.fileName, revision: hashOf(file.type === 'chunk' ? file.code : file.source) }))
      const copied = readdirSync(publicFolder).map((name) => {
        return { url: name, revision: hashOf(readFileSync(join(publicFolder, name))) }
      })
      worker.code = worker.code.replace(PLACEHOLDER, JSON.stringify([...built, ...copied]))
    },
  }
}
