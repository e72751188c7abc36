import { createContext } from 'svelte'
import type { Studio } from './studio.svelte'

/** Gives components the page's state, which outlives them. */
export const [getStudio, setStudio] = createContext<Studio>()
