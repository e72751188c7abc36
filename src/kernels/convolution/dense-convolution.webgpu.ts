/** The dense convolution on WebGPU, in both directions: which module runs it, and how its work is cut. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type * as tf from '@tensorflow/tfjs-core'
import { isSoftware } from '../../gpu/device'
import { dispatch, makeOutput } from '../../gpu/dispatch'
import { unroll } from '../../gpu/unroll'
import { type Activation, activationRange } from '../activation'
import tile from './conv2d-tile.wgsl?raw'
import type { Shape4D } from './geometry'

/** A convolution of x by a filter [kh, kw, ...], or its transpose, with what is applied behind it. */
export interface DenseConvolution {
  x: tf.TensorInfo
  filter: tf.TensorInfo
  /** Of the result. */
  shape: Shape4D
  /** Rows and columns, as all the pairs. */
  stride: [number, number]
  /** Before the first row and column of the map that the filter walks over. */
  padding: [number, number]
  dilation: [number, number]
  /** The gradient by the input: x is dy, the result is dx. */
  isTransposed?: boolean
  bias?: tf.TensorInfo
  activation?: Activation | undefined
}

/** The register tile, and how many inputs a turn of the loop takes: the fastest of those tried on SwiftShader. */
const PIXELS = 8
const OUTPUTS = 2
const INPUTS = 2
/** Small, so that a small map still occupies every core of a software adapter; a card runs 32 or 64 invocations in step. */
const SOFTWARE_WORKGROUP = 16
const CARD_WORKGROUP = 64

const TILE = { label: 'conv2d-tile', source: unroll(tile, { p: PIXELS, q: OUTPUTS, k: INPUTS }) }

/** True where a tap lies outside the map for some pixel, or between the samples that a stride leaves. */
function needsChecks({ filter, stride, padding, isTransposed, x, shape }: DenseConvolution): boolean {
  const isPointwise = filter.shape[0] === 1 && filter.shape[1] === 1 && padding[0] === 0 && padding[1] === 0
  if (!isPointwise) return true
  const isDense = stride[0] === 1 && stride[1] === 1
  return isTransposed ? !isDense : isDense && (x.shape[1] !== shape[1] || x.shape[2] !== shape[2])
}

export function denseConvolution(backend: WebGPUBackend, call: DenseConvolution): tf.TensorInfo {
  const { x, filter, shape, stride, padding, dilation, isTransposed = false, bias, activation = 'none' } = call
  const [, height, width, inputs] = x.shape
  const [batch, outHeight, outWidth, outputs] = shape
  const pixels = batch * outHeight * outWidth
  const y = makeOutput(backend, shape)
  dispatch(backend, {
    module: TILE,
    constants: {
      PIXELS,
      OUTPUTS,
      INPUTS,
      RAGGED: Number(inputs % INPUTS !== 0),
      TRANSPOSED: Number(isTransposed),
      CHECKED: Number(needsChecks(call)),
      BIASED: Number(bias !== undefined),
      CLAMPED: Number(activation !== 'none'),
    },
    params: {
      pixels,
      height,
      width,
      inputs,
      outHeight,
      outWidth,
      outputs,
      kernelHeight: filter.shape[0],
      kernelWidth: filter.shape[1],
      stride,
      padding,
      dilation,
      ...activationRange(activation),
    },
    // The layout has a bias; where there is none, anything stands in its place.
    inputs: [x, filter, bias ?? filter],
    outputs: [y],
    threads: Math.ceil(pixels / PIXELS) * Math.ceil(outputs / (4 * OUTPUTS)),
    workgroup: isSoftware(backend.device) ? SOFTWARE_WORKGROUP : CARD_WORKGROUP,
  })
  return y
}
