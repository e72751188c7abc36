import { describe, expect, it } from 'vitest'
import golden from '../../tests/golden/cpral.json'
import { addToConfusion, emptyConfusion, evaluation } from './metrics'

describe('confusion and mIoU', () => {
  it('count by hand: truth down, prediction across, void left out', () => {
    const confusion = emptyConfusion(3)
    addToConfusion(confusion, Uint8Array.of(0, 0, 0, 1, 1, 255), Uint8Array.of(0, 0, 1, 1, 0, 2), 3)
    expect([...confusion]).toEqual([2, 1, 0, 1, 1, 0, 0, 0, 0])
    const { mIoU, iouPerClass, pixelAccuracy } = evaluation(confusion)
    expect(iouPerClass).toEqual([2 / 4, 1 / 3, null])
    expect(mIoU).toBeCloseTo((2 / 4 + 1 / 3) / 2, 12)
    expect(pixelAccuracy).toBeCloseTo(3 / 5, 12)
  })

  it('a class that is only predicted has a union and pulls the mean down', () => {
    const confusion = emptyConfusion(2)
    addToConfusion(confusion, Uint8Array.of(0, 0), Int32Array.of(0, 1), 2)
    expect(evaluation(confusion)).toMatchObject({ mIoU: 0.25, iouPerClass: [0.5, 0] })
  })

  it('accumulates over images and agrees with NumPy', () => {
    const { classCount, truth, prediction, iou, mIoU, accuracy } = golden.evaluation
    const confusion = emptyConfusion(classCount)
    const half = truth.length >> 1
    for (const [from, to] of [
      [0, half],
      [half, truth.length],
    ]) {
      addToConfusion(
        confusion,
        Uint8Array.from(truth.slice(from, to)),
        Uint8Array.from(prediction.slice(from, to)),
        classCount,
      )
    }
    const result = evaluation(confusion)
    expect(result.mIoU).toBeCloseTo(mIoU, 9)
    expect(result.pixelAccuracy).toBeCloseTo(accuracy, 9)
    for (const [c, expected] of iou.entries()) {
      if (expected === null) expect(result.iouPerClass[c]).toBeNull()
      else expect(result.iouPerClass[c]).toBeCloseTo(expected, 9)
    }
  })
})
