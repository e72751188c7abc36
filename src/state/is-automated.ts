/**
 * Whether a script drives the page. What the page does unasked it then leaves out: headless commands never run an older version from a
 * cache, and no card lies over what a test clicks. Its address can want it all the same: `offline=on`, `tour=on`.
 */
export function isAutomated(unless: 'offline' | 'tour'): boolean {
  return navigator.webdriver && new URLSearchParams(location.search).get(unless) !== 'on'
}
