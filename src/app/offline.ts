/** Installs the service worker, which serves the page without a network, and gives it threads on hosts that send no isolation headers. */
import { isAutomated } from '../state/is-automated'

const RELOADED = 'cpral-studio/isolated'

/** Does nothing outside the built page, or when a script drives the page. */
export async function installOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || isAutomated('offline')) return
  try {
    await navigator.serviceWorker.register('service-worker.js', { type: 'module' })
    await navigator.serviceWorker.ready
  } catch {
    // The browser refused it, for instance in a private window: the page works while there is a network.
    return
  }
  // On a host without isolation headers, the first visit has no threads: the page is loaded again, once and only while nothing is begun.
  const isIdle = location.hash === '' || location.hash === '#/'
  if (crossOriginIsolated || !isIdle || sessionStorage.getItem(RELOADED)) return
  sessionStorage.setItem(RELOADED, 'yes')
  location.reload()
}
