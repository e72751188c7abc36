import { expect, test } from 'vitest'
import { ProgressLines } from './progress-lines'

function recorded(isTTY: boolean) {
  const written: string[] = []
  let clock = 0
  const lines = new ProgressLines({ isTTY, write: (text) => written.push(text) }, () => clock)
  return { lines, written, wait: (ms: number) => (clock += ms) }
}

test('a log gets one line a stage, and a sign of life every minute', () => {
  const { lines, written, wait } = recorded(false)
  lines.show({ phase: 'train', done: 1, total: 200, round: 1, loss: 2 })
  wait(61_000)
  lines.show({ phase: 'train', done: 90, total: 200, round: 1, loss: 1.5, etaMs: 70_400 })
  wait(59_000)
  lines.show({ phase: 'train', done: 200, total: 200, round: 1, loss: 1 })
  lines.show({ phase: 'evaluate', done: 0, total: 4, round: 1 })
  lines.end()
  lines.end()
  expect(written).toEqual([
    'round 1  train        90/200     61.0 s  loss 1.5000  71 s left\n',
    'round 1  train       200/200    120.0 s  loss 1.0000\n',
    'round 1  evaluate        0/4      0.0 s\n',
  ])
})

test('a terminal gets one line that is written over', () => {
  const { lines, written } = recorded(true)
  lines.show({ phase: 'generate', done: 1, total: 2 })
  lines.show({ phase: 'generate', done: 2, total: 2 })
  lines.end()
  expect(written.map((text) => [text.startsWith('\r\x1b[2K'), text.endsWith('\n')])).toEqual([
    [true, false],
    [true, false],
    [true, true],
  ])
  expect(written.at(-1)).toContain('project  generate')
})
