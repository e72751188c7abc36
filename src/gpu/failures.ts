/**
 * Failures of a GPUDevice. WebGPU reports asynchronously, long after the call that caused it, so failures are
 * remembered here and thrown by the next check: nothing is lost and no result of a failed device is taken for good.
 */
import { AppError } from '../domain/errors'

interface Failures {
  /** Sticky: a lost device never comes back. */
  lost: AppError | null
  /** Wrong WGSL and refused memory: told before the follow-up errors they cause. */
  compile: AppError | null
  memory: AppError | null
  uncaptured: AppError | null
  /** Compilations and allocations whose outcome is not known yet. */
  pending: Set<Promise<void>>
}

const failuresOf = new WeakMap<GPUDevice, Failures>()

function failures(device: GPUDevice): Failures {
  const known = failuresOf.get(device)
  if (known) return known
  const fresh: Failures = { lost: null, compile: null, memory: null, uncaptured: null, pending: new Set() }
  failuresOf.set(device, fresh)
  return fresh
}

/** Remembers from now on the loss of the device and every error nobody catches. */
export function watchDevice(device: GPUDevice): void {
  const state = failures(device)
  device.addEventListener('uncapturederror', (event) => {
    if (event.error instanceof GPUOutOfMemoryError) state.memory ??= memoryError(event.error.message, event.error)
    else state.uncaptured ??= refusedCommand(event.error)
  })
  void device.lost.then(({ reason, message }) => {
    const because = reason === 'destroyed' ? 'the engine was closed' : message || 'the browser gave no reason'
    state.lost = new AppError(
      'device_lost',
      `The graphics device was lost: ${because}.`,
      'Reload the page; the work saved so far is kept. If it happens again, use ?engine=wasm.',
    )
  })
}

function refusedCommand(error: GPUError): AppError {
  return new AppError('kernel_failed', `The graphics device refused a command: ${error.message}`, 'Use ?engine=wasm.', {
    cause: error,
  })
}

function memoryError(what: string, cause: unknown): AppError {
  return new AppError(
    'out_of_memory',
    `The graphics memory is full: ${what}`,
    'Close other pages that use the graphics card, or choose a smaller batch or image size.',
    { cause },
  )
}

/**
 * From now on every buffer of the device, tfjs' own too, is created under an error scope of its own: the verdict comes
 * later, without a round trip, and is thrown by the next check. A mapped buffer that the page has no room for is thrown
 * at once.
 */
export function guardAllocations(device: GPUDevice): void {
  const state = failures(device)
  const create = device.createBuffer.bind(device)
  device.createBuffer = (descriptor) => {
    const what = `a buffer of ${descriptor.size} bytes was refused`
    device.pushErrorScope('out-of-memory')
    try {
      return create(descriptor)
    } catch (error) {
      throw error instanceof RangeError ? memoryError(`${what} (${error.message})`, error) : error
    } finally {
      const pending: Promise<void> = device
        .popErrorScope()
        .then((error) => {
          if (error) state.memory ??= memoryError(`${what} (${error.message})`, error)
        })
        .catch(() => {}) // A lost device has no verdict; the loss itself is remembered.
        .finally(() => state.pending.delete(pending))
      state.pending.add(pending)
    }
  }
}

/** Keeps `outcome` (the error of a compilation, or null) until the next check. */
export function watchCompilation(device: GPUDevice, outcome: Promise<AppError | null>): void {
  const state = failures(device)
  const pending = outcome
    .then((error) => {
      state.compile ??= error
    })
    .finally(() => state.pending.delete(pending))
  state.pending.add(pending)
}

/** Throws what is known to have gone wrong; each failure but the loss of the device is thrown once. */
export function throwIfFailed(device: GPUDevice): void {
  const state = failures(device)
  const error = state.lost ?? state.compile ?? state.memory ?? state.uncaptured
  if (!error) return
  state.compile = null
  state.memory = null
  state.uncaptured = null
  throw error
}

/**
 * Waits until the device has judged every command given so far (not until it has run them), then throws what went
 * wrong, `device_lost`, `kernel_failed` or `out_of_memory`. To be called before results are used or stored.
 */
export async function checkDevice(device: GPUDevice): Promise<void> {
  device.pushErrorScope('validation')
  await device.popErrorScope().catch(() => null) // rejects on a lost device only, which `lost` tells better
  await Promise.all(failures(device).pending)
  throwIfFailed(device)
}

/** How long a browser may take to report a loss that calls already fail of. */
const LOSS_REPORT_MS = 200

/** The error that `checkDevice` would throw, or null. */
export async function failureOf(device: GPUDevice): Promise<AppError | null> {
  await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, LOSS_REPORT_MS))])
  try {
    await checkDevice(device)
    return null
  } catch (error) {
    return error as AppError
  }
}
