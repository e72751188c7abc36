/**
 * Vite plugin that compiles the AssemblyScript kernels (`*.as.ts` in `src/kernels`) when they are newer than their output.
 * Four binaries come out, for tfjs's plain memory and the shared memory of its threaded build, with fused multiply-add and
 * without; the code that imports them with `?url` sees ordinary files.
 */
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const SOURCES = fileURLToPath(new URL('../../src/kernels/', import.meta.url))
const OUTPUT = join(SOURCES, 'assembly/build')
const ENTRY = 'assembly/kernels.as.ts'

const COMMON = [
  ENTRY,
  '--outFile',
  'out.wasm',
  '--runtime',
  'stub',
  '--importMemory',
  '--optimizeLevel',
  '3',
  '--converge',
  '--noAssert',
  '--enable',
  'simd',
]

// tfjs's threaded module declares its memory with 4 GiB at most; an import must not promise less.
const SHARED = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536']
/** Multiplies and adds with one rounding where the CPU can; browsers since 2023. */
const FUSED = ['--enable', 'relaxed-simd']

const BINARIES: { file: string; flags: string[] }[] = [
  { file: 'kernels.wasm', flags: [] },
  { file: 'kernels-fused.wasm', flags: FUSED },
  { file: 'kernels-shared.wasm', flags: SHARED },
  { file: 'kernels-shared-fused.wasm', flags: [...SHARED, ...FUSED] },
]

async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs
  } catch {
    return 0
  }
}

async function compile(file: string, flags: string[]): Promise<void> {
  const { main } = await import('assemblyscript/asc')
  let binary: Uint8Array | undefined
  const { error, stderr } = await main([...COMMON, ...flags], {
    readFile: (name: string, baseDirectory: string) =>
      readFile(join(SOURCES, baseDirectory, name), 'utf8').catch(() => null),
    listFiles: () => [],
    writeFile: (name: string, contents: Uint8Array | string) => {
      if (name === 'out.wasm' && typeof contents !== 'string') binary = contents
    },
  })
  if (error || !binary) throw new Error(`The WASM kernels did not compile:\n${stderr.toString()}`)
  // Several vite processes may compile at once: each writes its own file and renames it into place.
  const temporary = join(OUTPUT, `${file}.${process.pid}`)
  await writeFile(temporary, binary)
  await rename(temporary, join(OUTPUT, file))
}

async function compileIfNewer(): Promise<void> {
  await mkdir(OUTPUT, { recursive: true })
  const files = await readdir(SOURCES, { recursive: true })
  const sources = files.filter((name) => name.endsWith('.as.ts')).map((name) => join(SOURCES, name))
  const newest = Math.max(...(await Promise.all([...sources, fileURLToPath(import.meta.url)].map(modifiedAt))))
  for (const { file, flags } of BINARIES) {
    if ((await modifiedAt(join(OUTPUT, file))) <= newest) await compile(file, flags)
  }
}

let compilation: Promise<void> | undefined

export function assemblyKernels(): Plugin {
  return {
    name: 'assembly-kernels',
    async buildStart() {
      compilation ??= compileIfNewer()
      await compilation
    },
  }
}
