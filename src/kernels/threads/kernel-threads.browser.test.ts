import { expect, it } from 'vitest'
import { pattern } from '../../../tests/support/numbers'
import sharedUrl from '../assembly/kernels-shared.wasm?url'
import { KernelThreads } from './kernel-threads'

const [ROWS, CHANNELS] = [1000, 6]

/** The kernels on memory of their own: x lies at 0, y behind it. */
async function start(count: number) {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true })
  const module = await WebAssembly.compile(await (await fetch(sharedUrl)).arrayBuffer())
  let free = 2 ** 18
  const allocate = (bytes: number) => {
    free += bytes
    return free - bytes
  }
  const threads = await KernelThreads.start({ module, memory, allocate }, count)
  const floats = new Float32Array(memory.buffer)
  const size = ROWS * CHANNELS
  floats.set(pattern(size), 0)
  floats.set([1, 2, 3, 4, 5, 6], 2 * size)
  const scaleShift = (grain: number) => {
    const addresses = [0, 4 * size, 8 * size, 8 * size].concat(CHANNELS, -4, 4)
    threads.run('scaleShift', ROWS, grain, addresses)
    return floats.slice(size, 2 * size)
  }
  return { threads, floats, size, scaleShift }
}

it('computes every unit once, whatever the grain and the number of threads', async () => {
  const want = pattern(ROWS * CHANNELS).map((x, i) =>
    Math.max(-4, Math.min(4, Math.fround(x * ((i % 6) + 1)) + (i % 6) + 1)),
  )
  for (const count of [1, 2, 5]) {
    const { threads, floats, size, scaleShift } = await start(count)
    expect(threads.count).toBe(count)
    for (const grain of [1, 7, 333, 1000, 5000]) {
      floats.fill(9, size, 2 * size)
      expect(scaleShift(grain), `${count} threads, ${grain} rows at a time`).toEqual(want)
    }
    threads.close()
  }
})

it('serves thousands of short jobs in a row, with pauses that send the helpers to sleep', async () => {
  const { threads, floats, size, scaleShift } = await start(3)
  const want = scaleShift(1)
  for (let k = 0; k < 3000; k++) {
    if (k % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    if (k % 100 === 0) floats.fill(9, size, 2 * size)
    if (k % 100 === 0) expect(scaleShift(1)).toEqual(want)
    else threads.run('scaleShift', 8, 1, [0, 4 * size, 8 * size, 8 * size, CHANNELS, -4, 4])
  }
  threads.close()
})

it('says which kernel failed in a thread', async () => {
  const { threads } = await start(2)
  const beyond = 2 ** 31
  const fail = () => threads.run('scaleShift', 64, 1, [beyond, beyond, beyond, beyond, CHANNELS, -4, 4])
  expect(fail).toThrow(/scaleShift|out of bounds/)
  threads.close()
})

it('goes on alone when its helpers are gone', async () => {
  const { threads, scaleShift } = await start(3)
  const want = scaleShift(10)
  threads.close()
  expect(threads.count).toBe(1)
  expect(scaleShift(10)).toEqual(want)
})

it('refuses a kernel that does not exist', async () => {
  const { threads } = await start(2)
  expect(() => threads.run('nothing', 10, 1, [])).toThrow('No such WASM kernel: nothing')
  threads.close()
})
