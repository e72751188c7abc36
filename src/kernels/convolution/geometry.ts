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
