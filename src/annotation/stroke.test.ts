import { expect, test } from 'vitest'
import { IGNORE, PROVENANCE } from '../domain/labels'
import { randomStream } from '../math/random'
import { applyChange, changeBounds, changeOfRaster, isLabelChange, labelledDelta, revertChange } from './label-change'
import { emptyRaster, type LabelRaster, pixelLabel, UNLABELLED } from './raster'
import { NO_LOCKS, paintMask, Stroke } from './stroke'

const copyOf = (raster: LabelRaster) => structuredClone(raster)
/** Rasters are compared as bytes: matchers take seconds over as many numbers. */
const bytesOf = ({ classes, provenance }: LabelRaster) => Buffer.concat([classes, provenance])
const isSame = (a: LabelRaster, b: LabelRaster) => bytesOf(a).equals(bytesOf(b))
const human = (classId: number) => pixelLabel(classId, PROVENANCE.human)

test('a stroke is one change that makes and unmakes it', () => {
  const raster = emptyRaster({ height: 4, width: 6 })
  const before = copyOf(raster)
  const stroke = new Stroke(raster)
  stroke.fill(1, 2, 5, human(3))
  stroke.fill(2, 0, 6, human(3))
  const after = copyOf(raster)
  expect([...raster.classes.subarray(6, 18)]).toEqual([255, 255, 3, 3, 3, 255, 3, 3, 3, 3, 3, 3])
  expect(stroke.takeDirty()).toEqual({ x: 0, y: 1, width: 6, height: 2 })
  expect(stroke.takeDirty()).toBeNull()
  const change = stroke.finish()
  if (!change) throw new Error('nothing was painted')
  expect([...change.starts]).toEqual([8, 12])
  expect([...change.lengths]).toEqual([3, 6])
  expect(changeBounds(change, 6)).toEqual({ x: 0, y: 1, width: 6, height: 2 })
  expect(labelledDelta(change)).toBe(9)
  revertChange(raster, change)
  expect(raster).toEqual(before)
  applyChange(raster, change)
  expect(raster).toEqual(after)
})

test('painting what is there already is no stroke', () => {
  const raster = emptyRaster({ height: 2, width: 2 })
  new Stroke(raster).fill(0, 0, 2, human(1))
  const again = new Stroke(raster)
  again.fill(0, 0, 2, human(1))
  again.fill(1, 0, 2, UNLABELLED)
  expect(again.finish()).toBeNull()
})

test('locks keep a stroke to a rectangle and off what is labelled', () => {
  const raster = emptyRaster({ height: 3, width: 5 })
  new Stroke(raster).fill(1, 0, 3, human(7))
  const stroke = new Stroke(raster, { onlyUnlabelled: true, within: { x: 1, y: 1, width: 3, height: 1 } })
  for (let y = -1; y < 4; y++) stroke.fill(y, -3, 9, human(2))
  expect([...raster.classes]).toEqual([255, 255, 255, 255, 255, 7, 7, 7, 2, 255, 255, 255, 255, 255, 255])
})

test('a cancelled stroke leaves nothing', () => {
  const raster = emptyRaster({ height: 300, width: 300 })
  const before = copyOf(raster)
  const stroke = new Stroke(raster)
  for (let y = 100; y < 290; y++) stroke.fill(y, 90, 200, human(2))
  expect(isSame(raster, before)).toBe(false)
  stroke.cancel()
  expect(isSame(raster, before)).toBe(true)
  expect(stroke.finish()).toBeNull()
})

test('any strokes, undone in turn, give back every raster between; the runs are in order', () => {
  const size = { height: 211, width: 397 }
  const raster = emptyRaster(size)
  const random = randomStream(3, 'strokes')
  const states = [copyOf(raster)]
  const changes = []
  for (let k = 0; k < 25; k++) {
    const onlyUnlabelled = random.next() < 0.3
    const stroke = new Stroke(raster, { ...NO_LOCKS, onlyUnlabelled })
    for (let span = 0; span < 40; span++) {
      const y = random.below(size.height + 6) - 3
      const x0 = random.below(size.width)
      stroke.fill(y, x0 - 5, x0 + random.below(200), random.next() < 0.2 ? UNLABELLED : human(random.below(11)))
    }
    const change = stroke.finish()
    if (!change) continue
    expect(isLabelChange(change, size.height * size.width)).toBe(true)
    changes.push(change)
    states.push(copyOf(raster))
  }
  const labelled = raster.provenance.reduce((sum, source) => sum + (source === PROVENANCE.human ? 1 : 0), 0)
  expect(changes.map(labelledDelta).reduce((a, b) => a + b)).toBe(labelled)
  const rebuilt = emptyRaster(size)
  applyChange(rebuilt, changeOfRaster(raster))
  expect(isSame(rebuilt, raster)).toBe(true)
  for (let k = changes.length - 1; k >= 0; k--) {
    expect(isSame(raster, states[k + 1])).toBe(true)
    revertChange(raster, changes[k])
  }
  expect(isSame(raster, states[0])).toBe(true)
})

/** The change between two rasters, pixel by pixel. */
function difference(before: LabelRaster, after: LabelRaster): number[][] {
  const runs: number[][] = []
  for (let i = 0; i < before.classes.length; i++) {
    const was = pixelLabel(before.classes[i], before.provenance[i])
    const is = pixelLabel(after.classes[i], after.provenance[i])
    if (was === is) continue
    const last = runs.at(-1)
    if (last && last[0] + last[1] === i && last[2] === was && last[3] === is) last[1]++
    else runs.push([i, 1, was, is])
  }
  return runs
}

test('a change has no run more than the difference, whatever was painted over what under whatever locks', () => {
  const random = randomStream(4, 'painted over')
  const size = { height: 20, width: 150 }
  for (let k = 0; k < 80; k++) {
    const raster = emptyRaster(size)
    const labels = [human(1), human(2), pixelLabel(2, PROVENANCE.extended), UNLABELLED]
    const paint = (fill: (y: number, x0: number, x1: number, label: number) => void, count: number) => {
      for (let span = 0; span < count; span++) {
        const x0 = random.below(size.width + 20) - 10
        fill(random.below(size.height + 2) - 1, x0, x0 + random.below(90), labels[random.below(labels.length)])
      }
    }
    const first = new Stroke(raster)
    paint((...span) => first.fill(...span), 60)
    const before = copyOf(raster)
    const expected = copyOf(raster)
    const onlyUnlabelled = k % 2 === 0
    const within = k % 4 < 2 ? null : { x: 30, y: 5, width: 70, height: 12 }
    const stroke = new Stroke(raster, { onlyUnlabelled, within })
    const { area } = stroke
    paint((y, x0, x1, label) => {
      stroke.fill(y, x0, x1, label)
      if (y < area.y || y >= area.y + area.height) return
      for (let x = Math.max(x0, area.x); x < Math.min(x1, area.x + area.width); x++) {
        const i = y * size.width + x
        if (onlyUnlabelled && expected.provenance[i] === PROVENANCE.human) continue
        expected.classes[i] = label & 255
        expected.provenance[i] = label >> 8
      }
    }, 40)
    expect(isSame(raster, expected)).toBe(true)
    const { starts, lengths, before: was, after } = stroke.finish() ?? changeOfRaster(emptyRaster(size))
    const runs = Array.from(starts, (start, run) => [start, lengths[run], was[run], after[run]])
    expect(runs).toEqual(difference(before, expected))
    stroke.cancel()
    expect(isSame(raster, before)).toBe(true)
  }
})

test('a mask is painted as it is, but for what has none', () => {
  const size = { height: 2, width: 40 }
  const raster = emptyRaster(size)
  const mask = Uint8Array.from({ length: 80 }, (_, i) => (i < 25 ? 6 : i < 50 ? IGNORE : i % 3))
  paintMask(new Stroke(raster), mask, size)
  expect([...raster.classes]).toEqual([...mask])
  expect([...raster.provenance]).toEqual(Array.from(mask, (id) => (id === IGNORE ? 0 : PROVENANCE.imported)))
})

test('what is no label change is told from one', () => {
  const change = {
    starts: Uint32Array.of(0, 4),
    lengths: Uint32Array.of(2, 3),
    before: Uint16Array.of(255, 255),
    after: Uint16Array.of(1, 2),
  }
  expect(isLabelChange(change, 7)).toBe(true)
  expect(isLabelChange(change, 6)).toBe(false)
  expect(isLabelChange(null, 7)).toBe(false)
  expect(isLabelChange({ ...change, before: Uint16Array.of(255) }, 7)).toBe(false)
  expect(isLabelChange({ ...change, starts: Uint32Array.of(3, 4) }, 9)).toBe(false)
  expect(isLabelChange({ ...change, lengths: Uint32Array.of(2, 0) }, 9)).toBe(false)
  expect(isLabelChange({ ...change, starts: [0, 4] }, 7)).toBe(false)
})

test('the bounds of a run over several rows are whole rows', () => {
  const change = {
    starts: Uint32Array.of(7),
    lengths: Uint32Array.of(9),
    before: Uint16Array.of(0),
    after: Uint16Array.of(1),
  }
  expect(changeBounds(change, 5)).toEqual({ x: 0, y: 1, width: 5, height: 3 })
})
