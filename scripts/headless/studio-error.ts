/** Failures of the app as sentences on the terminal. */
import type { ErrorCode } from '../../src/domain/errors'

/** An error of the app, with the sentence and the remedy it gives to people. */
export class StudioError extends Error {
  constructor(
    message: string,
    readonly code: ErrorCode | null = null,
  ) {
    super(message)
  }
}

/** What a call in the page came to: errors lose their own fields on the way out of it. */
export type Outcome<Value> = { value: Value } | { failure: Failure }

export interface Failure {
  message: string
  remedy?: string | undefined
  code?: ErrorCode | undefined
}

/** @throws StudioError */
export function resultOf<Value>(outcome: Outcome<Value>): Value {
  if ('value' in outcome) return outcome.value
  const { message, remedy, code } = outcome.failure
  throw new StudioError([message, remedy].filter(Boolean).join(' '), code ?? null)
}
