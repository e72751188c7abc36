/**
 * Whether a script drives the page. The page then does not start two things by itself: the service worker, which could serve headless
 * commands an older version, and the tour, whose card could cover what a test clicks. `offline=on` or `tour=on` in the address starts it
 * all the same.
 */
export function isAutomated(unless: 'offline' | 'tour'): boolean {
  return navigator.webdriver && new URLSearchParams(location.search).get(unless) !== 'on'
}
