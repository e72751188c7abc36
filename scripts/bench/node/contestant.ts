/**
 * One contestant in a process of its own, on Dawn. Arguments: its name, the address of the package `webgpu`, and an adapter's
 * name or nothing. Answers calls that arrive as messages.
 */
import type { Contestant } from '../contract'
import type { Answer, Request } from './messages'

const [name, packageUrl, adapter] = process.argv.slice(2)

interface Dawn {
  create(options: string[]): GPU
  globals: Record<string, unknown>
}

/** What a worker of a browser has by itself. */
async function provideWebGpu(): Promise<void> {
  const { create, globals } = (await import(/* @vite-ignore */ packageUrl)) as Dawn
  Object.assign(globalThis, globals)
  const gpu = create(['disable-dawn-features=timestamp_quantization', ...(adapter ? [`adapter=${adapter}`] : [])])
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  // tfjs asks whether a tensor's source is one.
  globalThis.OffscreenCanvas ??= class {} as never
}

async function load(): Promise<Contestant> {
  if (name === 'stock') return (await import('../contestants/stock/stock')).stock
  return (await import('../contestants/ours')).ours
}

const ready = provideWebGpu().then(load)

async function answer({ id, method, argument }: Request): Promise<Answer> {
  try {
    const contestant = await ready
    return { id, value: await (contestant[method] as (value: string) => Promise<unknown>)(argument) }
  } catch (error) {
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', (request: Request) => {
  void answer(request).then((message) => process.send?.(message))
})
