import { delimiter } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { browserCandidates, findBrowser } from './find-browser'

afterEach(() => vi.unstubAllEnvs())

test('looks in the usual places of each platform, Chrome before Chromium before Edge', () => {
  const mac = browserCandidates('darwin', { HOME: '/Users/ada' })
  expect(mac.slice(0, 2)).toEqual([
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ])
  expect(mac).toContain('/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge')

  const windows = browserCandidates('win32', { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\L' })
  expect(windows[0]).toBe('C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe')
  expect(windows.at(-1)).toBe('C:\\L\\Microsoft\\Edge\\Application\\msedge.exe')

  const linux = browserCandidates('linux', { PATH: ['/snap/bin', '/opt/x'].join(delimiter) })
  expect(linux.indexOf('/usr/bin/google-chrome')).toBeLessThan(linux.indexOf('/usr/bin/chromium'))
  expect(linux).toContain('/snap/bin/chromium')
  expect(linux).toContain('/opt/x/microsoft-edge')
})

test('CHROMIUM_PATH wins, and a wrong one is an error that names it', () => {
  vi.stubEnv('CHROMIUM_PATH', process.execPath)
  expect(findBrowser()).toBe(process.execPath)
  vi.stubEnv('CHROMIUM_PATH', '/no/such/browser')
  expect(() => findBrowser()).toThrow('/no/such/browser')
})
