/**
 * Carries what comlink cannot by itself: abort signals, progress callbacks, and errors with their code. Both sides call
 * `installHandlers()` once, before `wrap` or `expose`.
 */
import { type TransferHandler, transferHandlers } from 'comlink'
import { AppError, type ErrorCode, toAppError } from '../domain/errors'

type Callback = (...values: unknown[]) => void

/** Thrown values on the wire. */
type Thrown =
  | { kind: 'abort'; message: string }
  | { kind: 'error'; code: ErrorCode; message: string; remedy: string; cause: string; stack: string }

interface ThrownCarrier {
  value: unknown
}

/** Ports opened for a signal or callback, so that the caller can close them when its call has settled. */
const ports = new WeakMap<object, MessagePort[]>()

function openPort(owner: object): MessageChannel {
  const channel = new MessageChannel()
  ports.set(owner, [...(ports.get(owner) ?? []), channel.port1])
  return channel
}

/** Closes the ports that carried these arguments; later messages of the other side are dropped. */
export function releasePorts(values: readonly unknown[]) {
  for (const value of values) {
    if (typeof value !== 'function' && !(value instanceof AbortSignal)) continue
    for (const port of ports.get(value) ?? []) port.close()
    ports.delete(value)
  }
}

const abortSignalHandler: TransferHandler<AbortSignal, { isAborted: boolean; port: MessagePort }> = {
  canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
  serialize(signal) {
    const { port1, port2 } = openPort(signal)
    signal.addEventListener('abort', () => port1.postMessage('abort'), { once: true })
    return [{ isAborted: signal.aborted, port: port2 }, [port2]]
  },
  deserialize({ isAborted, port }) {
    const controller = new AbortController()
    if (isAborted) controller.abort()
    port.onmessage = () => controller.abort()
    return controller.signal
  },
}

/** One-way: the worker posts and goes on, so that reporting progress never waits for the page. */
const callbackHandler: TransferHandler<Callback, MessagePort> = {
  canHandle: (value): value is Callback => typeof value === 'function',
  serialize(callback) {
    const { port1, port2 } = openPort(callback)
    port1.onmessage = (event: MessageEvent<unknown[]>) => callback(...event.data)
    return [port2, [port2]]
  },
  deserialize:
    (port) =>
    (...values) =>
      port.postMessage(values),
}

function describeCause(cause: unknown): string {
  if (cause === undefined || cause === null) return ''
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

function toWire(value: unknown): Thrown {
  const error = toAppError(value)
  if (!(error instanceof AppError)) return { kind: 'abort', message: error.message }
  const { code, message, remedy, stack = '' } = error
  return { kind: 'error', code, message, remedy, cause: describeCause(error.cause), stack }
}

function fromWire(thrown: Thrown): Error {
  if (thrown.kind === 'abort') return new DOMException(thrown.message, 'AbortError')
  const error = new AppError(
    thrown.code,
    thrown.message,
    thrown.remedy,
    thrown.cause ? { cause: thrown.cause } : undefined,
  )
  error.stack = thrown.stack
  return error
}

/**
 * Teaches comlink, on this side of a worker, to carry an `AbortSignal`, one-way callbacks, and errors: an AppError is
 * reborn with code, message, remedy and the text of its cause; an AbortError stays a DOMException; anything else
 * becomes an AppError by `toAppError`. Arguments are looked at on top level only.
 */
export function installHandlers() {
  const original = transferHandlers.get('throw')
  if (!original) throw new AppError('internal', 'comlink has no handler for thrown values.', 'Reload the page.')
  const throwHandler: TransferHandler<ThrownCarrier, Thrown> = {
    canHandle: original.canHandle as (value: unknown) => value is ThrownCarrier,
    serialize: ({ value }) => [toWire(value), []],
    deserialize: (thrown) => {
      throw fromWire(thrown)
    },
  }
  transferHandlers.set('throw', throwHandler)
  transferHandlers.set('abortSignal', abortSignalHandler)
  transferHandlers.set('callback', callbackHandler)
}
