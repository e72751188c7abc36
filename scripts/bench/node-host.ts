/** The contestants in Node, on Dawn through the npm package `webgpu`: for machines whose browser does not reach their GPU. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { ROOT } from '../browser/ensure-build'
import { UsageError } from '../headless/options'
import { assemblyKernels } from '../vite/assembly-kernels'
import type { ContestantName } from './contract'
import type { Host } from './host'
import type { Answer, Request } from './node/messages'

/** Not a dependency: it brings Dawn for every platform, 130 MB. */
export const WEBGPU_PACKAGE = 'webgpu@0.6.2'

function webgpuPackage(): string {
  try {
    return pathToFileURL(createRequire(join(ROOT, 'package.json')).resolve('webgpu')).href
  } catch {
    throw new UsageError(
      `--node needs Dawn, which is not installed. Run: npm install --no-save ${WEBGPU_PACKAGE}, and repeat the command.`,
    )
  }
}

async function buildContestant(outDir: string): Promise<string> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    publicDir: false,
    plugins: [assemblyKernels()],
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, 'node', 'contestant.ts'),
      outDir,
      target: 'esnext',
      rolldownOptions: { checks: { pluginTimings: false }, output: { entryFileNames: 'contestant.js' } },
    },
    ssr: { noExternal: true },
  })
  writeFileSync(join(outDir, 'package.json'), '{ "type": "module" }\n')
  return join(outDir, 'contestant.js')
}

class ContestantProcess {
  private readonly child: ChildProcess
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  private calls = 0

  constructor(name: ContestantName, file: string, arguments_: string[]) {
    this.child = fork(file, [name, ...arguments_])
    this.child.on('message', (message: Answer) => {
      const waiter = this.waiting.get(message.id)
      this.waiting.delete(message.id)
      if ('failure' in message) waiter?.reject(new Error(`${name}: ${message.failure}`))
      else waiter?.resolve(message.value)
    })
    this.child.on('exit', (code, signal) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`${name} ended with ${signal ?? code}.`))
      this.waiting.clear()
    })
  }

  call(method: Request['method'], argument: string): Promise<unknown> {
    const id = this.calls++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.child.send({ id, method, argument } satisfies Request)
    })
  }

  close(): void {
    this.child.kill()
  }
}

/** @param adapter part of the adapter's name; null takes the one that Dawn prefers */
export async function openNodeHost(adapter: string | null): Promise<Host> {
  const dawn = webgpuPackage()
  const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-bench-'))
  const file = await buildContestant(folder)
  const open = new Map<ContestantName, ContestantProcess>()
  return {
    call: (name, method, argument) => {
      const process = open.get(name) ?? new ContestantProcess(name, file, [dawn, adapter ?? ''])
      open.set(name, process)
      return process.call(method, argument) as never
    },
    description: `Node ${process.versions.node}, ${WEBGPU_PACKAGE}`,
    close: async () => {
      for (const process of open.values()) process.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
