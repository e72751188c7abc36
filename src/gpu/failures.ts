/**
 * What went wrong on a GPUDevice. WebGPU reports asynchronously, long after the call that caused it, so failures are
 * remembered here and thrown by the next check: nothing is lost and no result of a failed device is taken for good.
 */
import { AppError } from '../rpc/errors'

interface Failures {
  /** Sticky: a lost device never comes back. */
  lost: AppError | null
  /** Wrong WGSL: told before the follow-up errors it causes. */
  compile: AppError | null
  uncaptured: AppError | null
  /** Compilations whose outcome is not known yet. */
  pending: Set<Promise<void>>
}

const failuresOf = new WeakMap<GPUDevice, Failures>()

function failures(device: GPUDevice): Failures {
  const known = failuresOf.get(device)
  if (known) return known
  const fresh: Failures = { lost: null, compile: null, uncaptured: null, pending: new Set() }
  failuresOf.set(device, fresh)
  return fresh
}

/** Remembers from now on the loss of the device and every error nobody catches. */
export function watchDevice(device: GPUDevice): void {
  const state = failures(device)
  device.addEventListener('uncapturederror', (event) => {
    state.uncaptured ??= uncapturedError(event.error)
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

function uncapturedError(error: GPUError): AppError {
  if (error instanceof GPUOutOfMemoryError) {
    return new AppError(
      'out_of_memory',
      `The graphics memory is full: ${error.message}`,
      'Close other pages that use the graphics card, or choose a smaller batch or image size.',
      { cause: error },
    )
  }
  return new AppError('kernel_failed', `The graphics device refused a command: ${error.message}`, 'Use ?engine=wasm.', {
    cause: error,
  })
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
  const error = state.lost ?? state.compile ?? state.uncaptured
  if (!error) return
  state.compile = null
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
