import { describe, expect, it } from 'vitest'
import { countLabelled, emptyLabels, IGNORE, PROVENANCE } from '../domain/labels'
import { annotateImage, annotateRegions, countClassPixels, noiseOf } from './oracle'

const size = { height: 3, width: 4 }
const truth = Uint8Array.of(0, 0, 1, 1, 0, 255, 1, 1, 2, 2, 2, 2)
const { none, human, oracle, extended } = PROVENANCE

describe('oracle', () => {
  it('copies the ground truth inside the regions and nothing else', () => {
    const labels = emptyLabels(size)
    const annotation = annotateRegions(labels, truth, size, [{ x: 0, y: 0, width: 2, height: 2 }], 3)
    expect(annotation).toEqual({ newPixels: 4, classPixels: [3, 0, 0], noise: { answered: 3, wrong: 0, missing: 0 } })
    expect([...labels.classes]).toEqual([0, 0, IGNORE, IGNORE, 0, ...new Array(7).fill(IGNORE)])
    // The void pixel was paid for.
    expect([...labels.provenance]).toEqual([oracle, oracle, none, none, oracle, oracle, ...new Array(6).fill(none)])
    expect(countLabelled(labels.provenance)).toBe(4)
  })

  it('never overwrites a person, replaces extended labels, and pays for a pixel once', () => {
    const labels = emptyLabels(size)
    labels.classes.set([2, 2], 0)
    labels.provenance.set([human, extended], 0)
    const regions = [
      { x: 0, y: 0, width: 2, height: 1 },
      { x: 1, y: 0, width: 2, height: 1 },
    ]
    expect(annotateRegions(labels, truth, size, regions, 3)).toMatchObject({ newPixels: 2, classPixels: [1, 1, 0] })
    expect([...labels.classes.subarray(0, 3)]).toEqual([2, 0, 1])
    expect([...labels.provenance.subarray(0, 3)]).toEqual([human, oracle, oracle])
  })

  it('annotates whole images', () => {
    const labels = emptyLabels(size)
    expect(annotateImage(labels, truth, size, 3)).toMatchObject({ newPixels: 12, classPixels: [3, 4, 4] })
    expect(labels.classes).toEqual(truth)
    const pool = [1, 0, 0]
    countClassPixels(truth, pool)
    expect(pool).toEqual([4, 4, 4])
  })

  it('gives wrong labels, counts them once, and counts classes by the ground truth', () => {
    const labels = emptyLabels(size)
    labels.classes[0] = 2
    labels.provenance[0] = human
    const answer = Uint8Array.of(1, 2, IGNORE, 1, 0, 255, 1, 1, 2, IGNORE, 0, 2)
    const regions = [
      { x: 0, y: 0, width: 4, height: 2 },
      { x: 0, y: 1, width: 4, height: 2 },
    ]
    expect(annotateRegions(labels, truth, size, regions, 3, answer)).toEqual({
      newPixels: 11,
      classPixels: [2, 4, 4],
      noise: { answered: 10, wrong: 2, missing: 2 },
    })
    expect([...labels.classes]).toEqual([2, ...answer.subarray(1)])
    // A label that the answer leaves out was paid for.
    expect([...labels.provenance]).toEqual([human, ...new Array(11).fill(oracle)])
    expect(noiseOf(labels, truth)).toEqual({ answered: 10, wrong: 2, missing: 2 })
  })

  it('refuses a class id outside the set before it writes anything', () => {
    const labels = emptyLabels(size)
    expect(() => annotateImage(labels, truth, size, 2)).toThrow(/class id 2, but there are 2 classes/)
    expect(labels).toEqual(emptyLabels(size))
  })
})
