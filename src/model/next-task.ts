/**
 * Resolves in a later task of the event loop, so that messages arrive in long loops. Timers would do the same, but
 * browsers delay them.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
