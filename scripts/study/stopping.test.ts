import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { listenForStops, StoppedError } from './stopping'

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 75],
  ['disconnect', 75],
])('%s stops with exit status %i', (signal, exitCode) => {
  const source = new EventEmitter()
  const stopping = listenForStops(source)
  const acts: string[] = []
  stopping.onStop(() => void acts.push('early'))
  stopping.check()
  source.emit(signal)
  stopping.onStop(() => void acts.push('late'))
  expect(acts).toEqual(['early', 'late'])
  expect(() => stopping.check()).toThrow(StoppedError)
  try {
    stopping.check()
  } catch (error) {
    expect((error as StoppedError).exitCode).toBe(exitCode)
  }
})

test('the first reason counts', () => {
  const source = new EventEmitter()
  const stopping = listenForStops(source)
  source.emit('SIGTERM')
  source.emit('SIGINT')
  expect(() => stopping.check()).toThrow(expect.objectContaining({ exitCode: 75 }))
})
