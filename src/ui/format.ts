/** Writes numbers for the screen. */

/** 0.1234 -> "12.3 %". */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}\u00a0%`
}

/** Remaining time in whole seconds: an estimate is no more precise. */
export function remaining(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return seconds < 10 ? `${seconds}\u00a0s` : duration(1000 * seconds)
}

/** Milliseconds in their two largest units: "1 h 5 min", "3 min 20 s", "4.2 s". */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)}\u00a0s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}\u00a0s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}\u00a0min ${whole % 60}\u00a0s`
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`
}

/** 1536 -> "1.5 KB"; powers of 1024. */
export function byteSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)}\u00a0${units[unit]}`
}

/** 1 -> "1 image", 2000 -> "2,000 images". */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')}\u00a0${noun}${n === 1 ? '' : 's'}`
}

/** "a, b and c". */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names)
}

export function date(time: number): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}
