import { AppError, toAppError } from '../domain/errors'
import type { OnProgress, Progress } from '../domain/progress'

export type TaskStatus = 'idle' | 'running' | 'done' | 'failed' | 'aborted'

const isAbort = (error: unknown) => error instanceof DOMException && error.name === 'AbortError'

/** One asynchronous action with the state that the screen shows. A new start aborts the one before. */
export class Task<T> {
  status = $state<TaskStatus>('idle')
  progress = $state.raw<Progress | null>(null)
  error = $state.raw<AppError | null>(null)
  result = $state.raw<T | null>(null)
  #controller: AbortController | null = null

  get isRunning(): boolean {
    return this.status === 'running'
  }

  /** Resolves to the result, or to null when the action failed, was aborted or was overtaken; the fields tell which. */
  async run(work: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.abort()
    const controller = new AbortController()
    const isLatest = () => this.#controller === controller
    this.#controller = controller
    this.status = 'running'
    this.progress = null
    this.error = null
    const onProgress: OnProgress = (progress) => {
      if (isLatest()) this.progress = progress
    }
    try {
      const result = await work(onProgress, controller.signal)
      if (!isLatest()) return null
      this.result = result
      this.status = 'done'
      return result
    } catch (thrown) {
      if (!isLatest()) return null
      const error = toAppError(thrown)
      if (isAbort(error)) this.status = 'aborted'
      else {
        this.status = 'failed'
        this.error = error instanceof AppError ? error : new AppError('internal', error.message)
      }
      return null
    }
  }

  abort() {
    this.#controller?.abort()
  }

  /** Forgets result and error, unless the action is running. */
  clear() {
    if (this.isRunning) return
    this.status = 'idle'
    this.error = null
    this.result = null
    this.progress = null
  }
}
