/** Range of a chart's axis in percent: that of the shares (0..1) with a margin, also around a single one. */
export function percentDomain(shares: readonly number[]): [number, number] {
  const low = Math.min(...shares)
  const high = Math.max(...shares)
  const air = Math.max(0.02, 0.15 * (high - low))
  return [100 * Math.max(0, low - air), 100 * Math.min(1, high + air)]
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

interface Frame {
  height: number
  marginTop: number
  marginBottom: number
}

/** Where a share (0..1) lies on an upright axis in percent, in pixels from the top of the chart. */
export function heightOn([low, high]: [number, number], frame: Frame, share: number): number {
  const inner = frame.height - frame.marginTop - frame.marginBottom
  return frame.height - frame.marginBottom - ((100 * share - low) / (high - low)) * inner
}
