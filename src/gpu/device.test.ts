import { expect, test } from 'vitest'
import { expectClose } from '../../tests/support/numbers'
import { isSoftwareAdapter } from './device'

const adapter = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false }

test('adapters that are programs on the CPU are told from cards', () => {
  expect(isSoftwareAdapter({ ...adapter, vendor: 'nvidia', architecture: 'ampere' })).toBe(false)
  expect(isSoftwareAdapter({ ...adapter, vendor: 'apple', architecture: 'metal-3' })).toBe(false)
  expect(isSoftwareAdapter({ ...adapter, vendor: 'google', architecture: 'swiftshader' })).toBe(true)
  expect(isSoftwareAdapter({ ...adapter, description: 'llvmpipe (LLVM 15.0.7, 256 bits)' })).toBe(true)
  expect(isSoftwareAdapter({ ...adapter, description: 'Microsoft Basic Render Driver' })).toBe(true)
  expect(isSoftwareAdapter({ ...adapter, vendor: 'intel', isFallbackAdapter: true })).toBe(true)
})

test('expectClose finds the worst value, a NaN and a wrong length', () => {
  expectClose([1, 2], [1, 2.00001])
  expect(() => expectClose([1, 2.1, 3.2], [1, 2, 3])).toThrow('Worst at 2 of 3: got 3.2, want 3')
  expect(() => expectClose([Number.NaN], [0])).toThrow('Worst at 0 of 1')
  expect(() => expectClose([1], [1, 2])).toThrow('1 values, want 2')
})
