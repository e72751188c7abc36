import { WEIGHTS_HOST } from './weights.ts'

/** Isolation from other origins: without it a page has no SharedArrayBuffer, and so the WASM engine no threads. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** The host of weights redirects to one of its stores. */
const WEIGHTS_ORIGINS = [`https://${WEIGHTS_HOST}`, `https://*.${WEIGHTS_HOST}`, 'https://*.hf.co']

/** The Content-Security-Policy of the page and of its workers; a worker gets it with the answer that delivers its program. */
export function contentSecurityPolicy(weightsOrigins: readonly string[] = WEIGHTS_ORIGINS): string {
  const directives = {
    'default-src': ["'none'"],
    // 'wasm-unsafe-eval' lets WebAssembly be compiled. tfjs starts its threads from blobs.
    'script-src': ["'self'", "'wasm-unsafe-eval'", 'blob:'],
    'worker-src': ["'self'", 'blob:'],
    // Plot writes style rules into its charts.
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'blob:', 'data:'],
    'media-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", 'blob:', 'data:', ...weightsOrigins],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
  }
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ')
}
