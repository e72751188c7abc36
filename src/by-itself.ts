/**
 * Whether the page does something unasked. One that a script drives does not: headless commands never run an older version from a
 * cache, and no card lies over what a test clicks. Its address can want it all the same: `offline=on`, `tour=on`.
 */
export function happensByItself(what: 'offline' | 'tour'): boolean {
  return !navigator.webdriver || new URLSearchParams(location.search).get(what) === 'on'
}
