import type { Plugin } from 'vite'

const FACTORY = 'tfjs-backend-wasm-threaded-simd.js'
const GUARDED = 'if(typeof _scriptDir !== "undefined" && _scriptDir){scriptDirectory=_scriptDir}'

/**
 * tfjs starts its threads from the text of a function that refers to an outer `_scriptDir`. Unminified, its typeof guard saves
 * it; a minifier knows the variable to be declared, drops the guard, and every thread dies with a ReferenceError. The
 * variable is never set in a module worker, so the built code does without it.
 */
export function tfjsWasmThreads(): Plugin {
  return {
    name: 'tfjs-wasm-threads',
    apply: 'build',
    transform(code, id) {
      if (!id.split('?')[0].endsWith(FACTORY)) return null
      if (!code.includes(GUARDED)) this.error(`${FACTORY} is not the version this plugin was written for.`)
      return { code: code.replace(GUARDED, '').replace('||_scriptDir,', ','), map: null }
    },
  }
}
