import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Keymap } from '../../../state/labelling/keymap.svelte'
import KeyHelp from './KeyHelp.svelte'

let help: ReturnType<typeof mount>

beforeEach(() => {
  localStorage.clear()
  const props = { keymap: new Keymap(), classNames: ['field', 'forest'], ontour: () => {}, onclose: () => {} }
  help = mount(KeyHelp, { target: document.body, props })
  flushSync()
})

afterEach(async () => {
  await unmount(help)
  localStorage.clear()
})

const text = () => document.querySelector('dialog')?.textContent ?? ''

function search(words: string) {
  const field = document.querySelector<HTMLInputElement>('dialog [type="search"]')
  if (!field) throw new Error('There is no field to search by.')
  field.value = words
  field.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}

test("a class's key has its name, and no key waits for classes that are not there", () => {
  search('classes')
  expect(text()).toMatch(/field.*forest.*Void/s)
  expect(text()).not.toContain('Class 3')
})

test('what is sought by the word of other programs is found; what is not there is said', () => {
  for (const [words, name] of [
    ['redo', 'Redo a stroke'],
    ['1:1', 'Actual size'],
  ]) {
    search(words)
    expect(text()).toContain(name)
  }
  search('lasso')
  expect(text()).toContain('Nothing found.')
})

test('a key that moves to another command is missed by nobody unawares', () => {
  search('brush')
  document.querySelector<HTMLElement>('dialog li button')?.click()
  flushSync()
  document.querySelector('dialog')?.dispatchEvent(new KeyboardEvent('keydown', { key: 's', code: 'KeyS' }))
  flushSync()
  expect(text()).toContain('S is no longer the key of "Superpixel".')
})
