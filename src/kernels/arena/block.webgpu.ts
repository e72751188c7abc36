/** Parts of a block on WebGPU: ranges of its buffer. */
import * as tf from '@tensorflow/tfjs-core'
import { dispatch, makeView } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import type { BlockPartAttrs } from './block'
import write from './write-block.wgsl?raw'

const WRITE = { label: 'write-block', source: write }

const blockPart = webgpuKernel<'whole', BlockPartAttrs>('BlockPart', ({ whole }, { offset, shape }, backend) =>
  makeView(backend, whole, offset, shape),
)

const writeBlock = webgpuKernel<'whole' | 'source', { offset: number }>(
  'WriteBlock',
  ({ whole, source }, { offset }, backend) => {
    const size = tf.util.sizeFromShape(source.shape)
    const params = { size, offset }
    dispatch(backend, { module: WRITE, params, inputs: [source], outputs: [whole], threads: size })
    return []
  },
)

export const blockKernels = [blockPart, writeBlock]
