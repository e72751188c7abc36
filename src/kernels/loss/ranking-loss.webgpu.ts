import { dispatch, makeOutput } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import source from './ranking-loss.wgsl?raw'

const LOSS = { label: 'ranking-loss', source }

const rankingLoss = webgpuKernel<'ratings' | 'losses' | 'pairWeights'>(
  'RankingLoss',
  ({ ratings, losses, pairWeights }, _, backend) => {
    const loss = makeOutput(backend, [])
    const slope = makeOutput(backend, ratings.shape)
    dispatch(backend, {
      module: LOSS,
      params: { pairs: pairWeights.shape[0] },
      inputs: [ratings, losses, pairWeights],
      outputs: [loss, slope],
      threads: 1,
    })
    return [loss, slope]
  },
)

export const rankingLossKernels = [rankingLoss]
