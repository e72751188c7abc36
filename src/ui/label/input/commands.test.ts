import { expect, test } from 'vitest'
import { COMMANDS } from './commands'

test('no two commands have one key', () => {
  const keys = COMMANDS.flatMap((command) => command.keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length)
})
