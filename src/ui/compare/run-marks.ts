/** What a compared run is known by on the whole page: a letter, a colour, and in the chart a symbol. */

/** Colours of `theme.css`: `--series-1` and so on. */
const COLORS = 8
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'cross', 'star', 'wye'] as const
const DASHES = ['none', '6 3', '2 3', '9 3 2 3'] as const

export interface RunMark {
  letter: string
  /** A CSS colour. */
  color: string
  symbol: (typeof SYMBOLS)[number]
  dash: (typeof DASHES)[number]
}

/** @param index from 0; more than 26 runs get two letters */
export function runMark(index: number): RunMark {
  const last = String.fromCharCode(65 + (index % 26))
  return {
    letter: index < 26 ? last : `${runMark(Math.floor(index / 26) - 1).letter}${last}`,
    color: `var(--series-${(index % COLORS) + 1})`,
    symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
    dash: DASHES[Math.floor(index / COLORS) % DASHES.length] ?? 'none',
  }
}
