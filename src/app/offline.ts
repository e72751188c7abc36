/** The service worker: the page without a network, and threads on hosts that cannot isolate it. */
import { isAutomated } from '../state/is-automated'

const RELOADED = 'cpral-studio/isolated'

/** Installs it in the built page. */
export async function installOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || isAutomated('offline')) return
  try {
    await navigator.serviceWorker.register('service-worker.js', { type: 'module' })
    await navigator.serviceWorker.ready
  } catch {
    // Refused, for instance in private windows: the page works while there is a network.
    return
  }
  // The first visit to a host that sends no such headers: once, before anything is begun, the page is loaded again with them.
  const isIdle = location.hash === '' || location.hash === '#/'
  if (crossOriginIsolated || !isIdle || sessionStorage.getItem(RELOADED)) return
  sessionStorage.setItem(RELOADED, 'yes')
  location.reload()
}
