/** The whole network against PyTorch, by the ways that kernels have for a graphics card: slow on the CPU. */
import { describe, it } from 'vitest'
import { useEngine } from '../../tests/support/engines'
import { LIKE_PYTORCH, trainsLikePyTorch } from '../../tests/support/golden-training'

describe('network (as on a graphics card)', () => {
  useEngine('webgpu as on a graphics card')
  it(LIKE_PYTORCH, trainsLikePyTorch)
})
