import { type ConvolutionOptions, outputExtent, type Shape4D } from './geometry'

/** Calls `visit(xIndex, filterIndex, yIndex)` for every multiply-add of a depthwise convolution, NHWC and [kh, kw, C, 1]. */
function forEachProduct(
  [N, H, W, C]: Shape4D,
  [kh, kw]: Shape4D,
  options: ConvolutionOptions,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const { stride, padding, dilation } = options
  const outH = outputExtent(H, kh, options)
  const outW = outputExtent(W, kw, options)
  for (let n = 0; n < N; n++)
    for (let oy = 0; oy < outH; oy++)
      for (let ox = 0; ox < outW; ox++)
        for (let ky = 0; ky < kh; ky++)
          for (let kx = 0; kx < kw; kx++) {
            const iy = oy * stride - padding + ky * dilation
            const ix = ox * stride - padding + kx * dilation
            if (iy < 0 || iy >= H || ix < 0 || ix >= W) continue
            for (let c = 0; c < C; c++)
              visit(((n * H + iy) * W + ix) * C + c, (ky * kw + kx) * C + c, ((n * outH + oy) * outW + ox) * C + c)
          }
}

/** x [N, H, W, C] * filter [kh, kw, C, 1] -> [N, H', W', C]. */
export function depthwiseConv2dReference(
  x: Float32Array,
  xShape: Shape4D,
  filter: Float32Array,
  filterShape: Shape4D,
  options: ConvolutionOptions,
): Float32Array {
  const size =
    xShape[0] *
    outputExtent(xShape[1], filterShape[0], options) *
    outputExtent(xShape[2], filterShape[1], options) *
    xShape[3]
  const y = new Float64Array(size)
  forEachProduct(xShape, filterShape, options, (xi, fi, yi) => {
    y[yi] += x[xi] * filter[fi]
  })
  return Float32Array.from(y)
}

/** Gradient of the depthwise convolution by its input. */
export function depthwiseConv2dGradInputReference(
  dy: Float32Array,
  xShape: Shape4D,
  filter: Float32Array,
  filterShape: Shape4D,
  options: ConvolutionOptions,
): Float32Array {
  const dx = new Float64Array(xShape[0] * xShape[1] * xShape[2] * xShape[3])
  forEachProduct(xShape, filterShape, options, (xi, fi, yi) => {
    dx[xi] += dy[yi] * filter[fi]
  })
  return Float32Array.from(dx)
}

/** Gradient of the depthwise convolution by its filter. */
export function depthwiseConv2dGradFilterReference(
  x: Float32Array,
  xShape: Shape4D,
  dy: Float32Array,
  filterShape: Shape4D,
  options: ConvolutionOptions,
): Float32Array {
  const dfilter = new Float64Array(filterShape[0] * filterShape[1] * filterShape[2])
  forEachProduct(xShape, filterShape, options, (xi, fi, yi) => {
    dfilter[fi] += x[xi] * dy[yi]
  })
  return Float32Array.from(dfilter)
}
