/** A contestant out of its programs: prepares, counts, times. */

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import type { EngineName } from '../../../src/domain/engine'
import type { Contestant, Sample } from '../contract'
import { allocatedBytes, installMeter, metered } from './meter'

/** Something that can be run again and again; what it makes on the way is its own to dispose of. */
export interface Program {
  run(): unknown
  /** Numbers that the other contestants must reproduce; called before the first run. */
  fingerprint?(): Promise<number[]>
  /** Multiply-adds of one run. */
  multiplyAdds?(): number
  dispose(): void
}

export type Programs = Record<string, () => Program | Promise<Program>>

/** Waits until the engine has done all that was recorded. */
async function settle(): Promise<void> {
  if (tf.getBackend() !== 'webgpu') return
  const backend = tf.backend() as WebGPUBackend
  // After a read-back there is no encoder to submit.
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.submitQueue()
  await backend.device.queue.onSubmittedWorkDone()
}

/** Runs on for `ms`: compilers of scripts and of WASM do their best only after a while. */
async function warmUp(run: () => Promise<void>, ms: number): Promise<void> {
  const start = performance.now()
  for (let i = 0; i < 20 && performance.now() - start < ms; i++) await run()
}

/** One run, or, of what is over in a moment, the fastest of several. */
async function fastest(run: () => Promise<void>): Promise<Sample> {
  const start = performance.now()
  let best = await metered(run)
  for (let i = 1; i < 20 && performance.now() - start < MOMENT_MS; i++) {
    const next = await metered(run)
    if (next.ms < best.ms) best = next
  }
  return best
}

const WARM_MS = 200
const MOMENT_MS = 100

export function contestant(boot: (engine: EngineName) => Promise<string>, programs: Programs): Contestant {
  installMeter()
  const ready = new Map<string, Program>()
  const once = async (program: Program) => {
    await program.run()
    await settle()
  }
  const get = (name: string) => {
    const program = ready.get(name)
    if (!program) throw new Error(`The program ${name} is not prepared.`)
    return program
  }
  return {
    boot,
    prepare: async (name) => {
      const make = programs[name]
      if (!make) throw new Error(`There is no program ${name}; there are ${Object.keys(programs).join(', ')}.`)
      const before = allocatedBytes()
      const program = await make()
      ready.set(name, program)
      const fingerprint = (await program.fingerprint?.()) ?? []
      const start = performance.now()
      await once(program)
      const firstAllocatedBytes = allocatedBytes() - before
      await warmUp(() => once(program), WARM_MS - (performance.now() - start))
      return { fingerprint, firstAllocatedBytes, multiplyAdds: program.multiplyAdds?.() ?? null }
    },
    sample: async (name) => {
      const program = get(name)
      await settle()
      return await fastest(() => once(program))
    },
    release: async (name) => {
      get(name).dispose()
      ready.delete(name)
    },
  }
}
