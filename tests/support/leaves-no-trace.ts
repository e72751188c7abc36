/** Files of tests that share a page leave it as they found it: the browser's own objects, the document, the address, local storage. */
import { afterAll, beforeAll, expect } from 'vitest'

type Properties = ReadonlyMap<string, PropertyDescriptor>

/** What Svelte adds to its own page in development. */
const SVELTES_OWN = /^Array\.|\.__/

/** Properties of the prototype of each of the page's classes, and of its navigator, by name. */
function properties(): Properties {
  const found = new Map<string, PropertyDescriptor>()
  const add = (owner: string, object: object) => {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (!SVELTES_OWN.test(`${owner}.${name}`)) found.set(`${owner}.${name}`, property)
    }
  }
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
    if (typeof value === 'function' && value.prototype) add(name, value.prototype)
  }
  add('navigator', navigator)
  return found
}

const isSame = (a?: PropertyDescriptor, b?: PropertyDescriptor) =>
  a?.value === b?.value && a?.get === b?.get && a?.set === b?.set

const surroundings = () => ({
  elements: document.body.childElementCount,
  hash: location.hash,
  stored: { ...localStorage },
})

let before: { properties: Properties; surroundings: ReturnType<typeof surroundings> }

beforeAll(() => {
  before = { properties: properties(), surroundings: surroundings() }
})

afterAll(() => {
  const after = properties()
  const names = new Set([...before.properties.keys(), ...after.keys()])
  const changed = [...names].filter((name) => !isSame(before.properties.get(name), after.get(name)))
  expect(changed, 'left changed by this file').toEqual([])
  expect(surroundings(), 'left by this file').toEqual(before.surroundings)
})
