import { createContext } from 'svelte'
import type { Studio } from './studio.svelte'

/** The only way a component gets at the state that outlives it. */
export const [getStudio, setStudio] = createContext<Studio>()
