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

/**
 * Places as near to the wanted ones as they can be with at least `gap` between them; in the order of `wanted`.
 */
export function spread(wanted: readonly number[], gap: number): number[] {
  const placed: { at: number; members: { index: number; value: number }[] }[] = []
  const sorted = wanted.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value)
  for (const entry of sorted) {
    let group = { at: entry.value, members: [entry] }
    // A group that reaches into the one before becomes one with it, around the mean of all.
    for (let before = placed.at(-1); before && end(before) + gap > start(group); before = placed.at(-1)) {
      placed.pop()
      const members = [...before.members, ...group.members]
      group = { at: members.reduce((sum, { value }) => sum + value, 0) / members.length, members }
    }
    placed.push(group)
  }
  const places = new Array<number>(wanted.length).fill(0)
  for (const group of placed) {
    for (const [i, { index }] of group.members.entries()) places[index] = start(group) + i * gap
  }
  return places

  function start(group: (typeof placed)[number]): number {
    return group.at - ((group.members.length - 1) * gap) / 2
  }
  function end(group: (typeof placed)[number]): number {
    return group.at + ((group.members.length - 1) * gap) / 2
  }
}
