/**
 * Keeps the whole page in the browser, so that it opens without a network; and gives every answer the headers that static hosts
 * cannot send: of cross-origin isolation, which WASM threads need, and of the policy that binds the workers.
 */
import { addPlugins, cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching'
import { contentSecurityPolicy, ISOLATION_HEADERS } from '../src/domain/security-policy'

// Only here it is a ServiceWorkerGlobalScope, which the other workers' types know nothing of.
declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: PrecacheEntry[] }

const HEADERS = { ...ISOLATION_HEADERS, 'Content-Security-Policy': contentSecurityPolicy() }

function withHeaders(response: Response): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value)
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}

addPlugins([{ handlerWillRespond: async ({ response }) => withHeaders(response) }])
// What follows the page's name, such as the forced engine, does not make it another page.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] })
cleanupOutdatedCaches()

// The first visit is served from here on too; a newer version waits until every tab of the older one is closed.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
