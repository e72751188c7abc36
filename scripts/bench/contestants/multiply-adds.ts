/** Multiply-adds that are executed, counted kernel by kernel from the shapes that go in and out. */
import * as tf from '@tensorflow/tfjs-core'

type Shapes = Record<string, number[]>
type Count = (inputs: Shapes, output: number[]) => number

const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1)

const convolution: Count = ({ filter }, output) => size(output) * size(filter.slice(0, 3))
const depthwise: Count = ({ filter }, output) => size(output) * size(filter.slice(0, 2))
/** The bilinear weights of four neighbours, for each of nine taps. */
const UPSAMPLED_TAP = 4 * 9

/** What is not here multiplies nothing, or next to nothing. */
const COUNTS: Record<string, Count> = {
  Conv2D: convolution,
  FusedConv2D: convolution,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2D: depthwise,
  PassConvolution: convolution,
  PassDepthwise: depthwise,
  BatchMatMul: ({ a }, output) => (size(output) * size(a)) / size(a.slice(0, -2)) / output[output.length - 2],
  UpsampledDepthwise: (_inputs, output) => size(output) * UPSAMPLED_TAP,
  UpsampledTaps: (_inputs, output) => size(output) * UPSAMPLED_TAP,
  ResizeBilinear: (_inputs, output) => size(output) * 4,
}

/** @param run calls tfjs kernels; what it computes is thrown away */
export function countMultiplyAdds(run: () => unknown): number {
  const engine = tf.engine()
  const original = engine.runKernel
  let sum = 0
  engine.runKernel = (name, inputs, attrs) => {
    const output = original.call(engine, name, inputs, attrs)
    const count = COUNTS[name]
    if (count && !Array.isArray(output)) {
      const shapes = Object.fromEntries(
        Object.entries(inputs as tf.NamedTensorMap).flatMap(([key, tensor]) => (tensor ? [[key, tensor.shape]] : [])),
      )
      sum += count(shapes, (output as tf.Tensor).shape)
    }
    return output as never
  }
  try {
    run()
  } finally {
    engine.runKernel = original
  }
  return sum
}
