/** PyTorch as a contestant: a Python process that makes the training step of the same net on the same CPU. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { normalizeInto } from '../../src/loader/images'
import { buildNetwork } from '../../src/model/network'
import { type NamedArrays, writeSafetensors } from '../../src/weights/safetensors'
import { UsageError } from '../headless/options'
import {
  BATCH,
  CLASSES,
  configOf,
  PROOF_SIZE,
  publishedWeights,
  sampleImages,
  TRAINING_SIZE,
} from './contestants/workload'
import type { Contestant } from './contract'

const SCRIPT = join(import.meta.dirname, 'peers', 'train_step.py')

/** Debian installs PyTorch for its own Python, which need not be the first on the path. */
function findPython(): string {
  const named = process.env.PYTHON
  const candidates = named ? [named] : ['python3', '/usr/bin/python3']
  const found = candidates.find((python) => spawnSync(python, ['-c', 'import torch']).status === 0)
  if (found) return found
  throw new UsageError(
    `--peer torch needs PyTorch, and ${candidates.join(' and ')} cannot import it. Install it (on Debian: apt-get install ` +
      'python3-torch), or set PYTHON to a Python that has it.',
  )
}

function addBatch(arrays: NamedArrays, name: string, size: typeof TRAINING_SIZE): void {
  const pixels = size.height * size.width
  const images = new Float32Array(BATCH * pixels * 3)
  const labels = new Float32Array(BATCH * pixels)
  sampleImages(BATCH, size).forEach(({ rgb, classes }, n) => {
    normalizeInto(images, n * pixels * 3, rgb)
    labels.set(classes, n * pixels)
  })
  arrays.set(`${name}.images`, { shape: [BATCH, size.height, size.width, 3], values: images })
  arrays.set(`${name}.labels`, { shape: [BATCH, size.height, size.width], values: labels })
}

function workload(): Uint8Array {
  const arrays = publishedWeights(buildNetwork(configOf('light').network, CLASSES))
  addBatch(arrays, 'batch', TRAINING_SIZE)
  addBatch(arrays, 'proof', PROOF_SIZE)
  return new Uint8Array(writeSafetensors(arrays))
}

/** Requests and answers, one line each, in order. */
class Dialogue {
  private readonly child: ChildProcessWithoutNullStreams
  private readonly waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = []
  private lastWords = ''

  constructor(python: string, arguments_: string[]) {
    this.child = spawn(python, arguments_)
    createInterface(this.child.stdout).on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line)))
    this.child.stderr.on('data', (text) => {
      this.lastWords = `${this.lastWords}${text}`.slice(-2000)
    })
    this.child.on('exit', (code) => {
      for (const { reject } of this.waiting.splice(0))
        reject(new Error(`PyTorch ended with ${code}: ${this.lastWords}`))
    })
  }

  answer(): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }))
  }

  ask(request: 'proof' | 'step'): Promise<unknown> {
    const answer = this.answer()
    this.child.stdin.write(`${JSON.stringify(request)}\n`)
    return answer
  }

  close(): void {
    this.child.kill()
  }
}

const NO_GPU = { dispatches: 0, allocatedBytes: 0, readBacks: 0, readBackBytes: 0, gpuMs: null }

/** @throws UsageError when no Python with PyTorch is found */
export function openTorchPeer(): Contestant & { close(): void } {
  const python = findPython()
  const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-bench-'))
  const file = join(folder, 'workload.safetensors')
  writeFileSync(file, workload())
  const torch = new Dialogue(python, [SCRIPT, file, String(availableParallelism())])
  const step = async () => (await torch.ask('step')) as number
  return {
    boot: async () => (await torch.answer()) as string,
    prepare: async () => {
      const fingerprint = (await torch.ask('proof')) as number[]
      await step()
      return { fingerprint, firstAllocatedBytes: 0, multiplyAdds: null }
    },
    sample: async () => ({ ms: await step(), ...NO_GPU }),
    release: async () => {},
    close: () => {
      torch.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
