/** The whole network against PyTorch, by the ways that kernels have for a graphics card: slow on the CPU. */
import { describe, it } from 'vitest'
import { LIKE_PYTORCH, trainsLikePyTorch } from '../../tests/support/golden-training'
import { pretendCard, useWebGpu } from '../../tests/support/webgpu'

describe('network (as on a graphics card)', () => {
  useWebGpu()
  pretendCard()
  it(LIKE_PYTORCH, trainsLikePyTorch)
})
