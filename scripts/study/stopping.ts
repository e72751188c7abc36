/** Asks a process to stop: by Ctrl+C, by a scheduler's SIGTERM, or because the process that started it is gone. */

/** What a process that stopped with its state saved exits with: "try again later" to a scheduler (sysexits' EX_TEMPFAIL). */
export const TEMPORARY = 75
/** As shells say it of a program that Ctrl+C ended. */
export const INTERRUPTED = 130

export class StoppedError extends Error {
  constructor(readonly exitCode: number) {
    super('Stopped. The same command continues from the last finished step.')
  }
}

export interface Stopping {
  /** @throws StoppedError once the process was asked to stop */
  check(): void
  /** Calls back once the process is asked to stop, at once when it was already. */
  onStop(act: () => void | Promise<void>): void
}

/** Listens from now on. A second signal ends the process as usual. */
export function listenForStops(source: NodeJS.EventEmitter = process): Stopping {
  let exitCode: number | null = null
  const acts: (() => void | Promise<void>)[] = []
  const call = (act: () => void | Promise<void>) => {
    Promise.resolve(act()).catch((error: unknown) => console.error(error))
  }
  const stop = (code: number) => {
    if (exitCode !== null) return
    exitCode = code
    for (const act of acts) call(act)
  }
  source.once('SIGINT', () => stop(INTERRUPTED))
  source.once('SIGTERM', () => stop(TEMPORARY))
  source.once('disconnect', () => stop(TEMPORARY))
  // Listening for the end of the channel would keep the process alive.
  if (source === process) process.channel?.unref()
  return {
    check() {
      if (exitCode !== null) throw new StoppedError(exitCode)
    },
    onStop(act) {
      if (exitCode !== null) call(act)
      else acts.push(act)
    },
  }
}
