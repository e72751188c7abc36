/** How a filter walks over a map: the same in both directions, padding in pixels on every side. */
export interface ConvolutionOptions {
  stride: number
  padding: number
  dilation: number
}

export type Shape4D = [number, number, number, number]

/** Output extent of a convolution along one axis; PyTorch's formula. */
export function outputExtent(input: number, kernel: number, { stride, padding, dilation }: ConvolutionOptions): number {
  return Math.floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
}

/** Of the convolution that a transposed one is the gradient of. */
export type TransposedConvolutionOptions = Pick<ConvolutionOptions, 'stride' | 'padding'>

/** Output extent of a transposed convolution along one axis; PyTorch's formula, without padding of the output. */
export function transposedExtent(
  input: number,
  kernel: number,
  { stride, padding }: TransposedConvolutionOptions,
): number {
  return (input - 1) * stride - 2 * padding + kernel
}
