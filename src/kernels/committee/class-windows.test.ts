import { describe, expect, it } from 'vitest'
import golden from '../../../tests/golden/pool-scores.json'
import { expectClose } from '../../../tests/support/numbers'
import { attentionProfile, uniformProfile } from '../../cpral/gaussian-attention'
import { windowGrid, windowStride } from '../../cpral/window-grid'
import { windowsAlong } from './class-windows'
import { classWindowsReference } from './class-windows.reference'
import { pixelStatisticsReference } from './pixel-statistics.reference'

describe('masses', () => {
  for (const {
    height,
    width,
    classes,
    side,
    uncertainty,
    gaussian,
    logits,
    labelled,
    masses,
    shares,
  } of golden.masses) {
    it(`are NumPy's: ${uncertainty}, ${height} x ${width}, windows of ${side}`, () => {
      const size = { height, width }
      const values = Float32Array.from(logits)
      const { confidence, margin, entropy } = pixelStatisticsReference(values, [1, 4, 5, classes], size)
      const map = entropy.map((bits, i) => {
        if (labelled[i] === 1) return 0
        return uncertainty === 'entropy' ? bits : (confidence[i] - margin[i]) / confidence[i]
      })
      const profile = gaussian ? attentionProfile(side, 2) : uniformProfile(side)
      const sum = profile.reduce((total, value) => total + value, 0)
      const mean = profile.map((value) => value / sum)
      const got = classWindowsReference(values, [4, 5, classes], map, size, mean, windowStride(side))
      expectClose(got, [...masses, ...shares], { absolute: 1e-6 }, 'masses and shares')
    })
  }
})

it('has as many windows along an axis as the grid in which they are searched', () => {
  for (let length = 1; length < 40; length++) {
    for (let side = 1; side <= length; side++) {
      const { ys } = windowGrid({ height: length, width: side }, side)
      expect(windowsAlong(length, side, windowStride(side)), `${length} and ${side}`).toBe(ys.length)
    }
  }
})
