import { hashWords } from '../../math/random'
import { dropThreshold } from '../layers/dropout.reference'
import { wasmKernel } from '../wasm-kernel'
import type { PassDropoutAttrs } from './pass-dropout'

const passDropout = wasmKernel<PassDropoutAttrs>('PassDropout', ({ inputs, attrs, allocate, pointer, parallel }) => {
  const { x, shared } = inputs
  const { passes, rate, seed, layer, firstPass } = attrs
  const [, height, width, channels] = x.shape
  const y = allocate([passes, height, width, channels])
  const isOneForAll = ({ shape }: typeof x) => Number(shape[0] === 1)
  const maps = [pointer(x), isOneForAll(x), attrs.hasShared ? pointer(shared) : 0, isOneForAll(shared), pointer(y)]
  const sizes = [height, width * channels, channels, Number(attrs.channelwise)]
  const mask = [hashWords(seed, layer), firstPass, dropThreshold(rate), 1 / (1 - rate)]
  const floor = attrs.relu ? 0 : Number.NEGATIVE_INFINITY
  parallel('passDropout', passes * height, 8, ...maps, ...sizes, ...mask, floor)
  return y
})

export const passDropoutKernels = [passDropout]
