import { type Shape4D, type TransposedConvolutionOptions, transposedExtent } from './geometry'

/** Calls `visit(xIndex, filterIndex, yIndex)` for every multiply-add: each pixel of x spreads its filter over y. */
function forEachProduct(
  [N, H, W, I]: Shape4D,
  [kh, kw, O]: Shape4D,
  options: TransposedConvolutionOptions,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const { stride, padding } = options
  const outH = transposedExtent(H, kh, options)
  const outW = transposedExtent(W, kw, options)
  for (let n = 0; n < N; n++)
    for (let iy = 0; iy < H; iy++)
      for (let ix = 0; ix < W; ix++)
        for (let ky = 0; ky < kh; ky++)
          for (let kx = 0; kx < kw; kx++) {
            const oy = iy * stride - padding + ky
            const ox = ix * stride - padding + kx
            if (oy < 0 || oy >= outH || ox < 0 || ox >= outW) continue
            for (let o = 0; o < O; o++)
              for (let i = 0; i < I; i++)
                visit(
                  ((n * H + iy) * W + ix) * I + i,
                  ((ky * kw + kx) * O + o) * I + i,
                  ((n * outH + oy) * outW + ox) * O + o,
                )
          }
}

/** x [N, H, W, I] spread by filter [kh, kw, O, I] -> [N, H', W', O]. */
export function transposedConv2dReference(
  x: Float32Array,
  xShape: Shape4D,
  filter: Float32Array,
  filterShape: Shape4D,
  options: TransposedConvolutionOptions,
): Float32Array {
  const [N, H, W] = xShape
  const [kh, kw, O] = filterShape
  const y = new Float64Array(N * transposedExtent(H, kh, options) * transposedExtent(W, kw, options) * O)
  forEachProduct(xShape, filterShape, options, (xi, fi, yi) => {
    y[yi] += x[xi] * filter[fi]
  })
  return Float32Array.from(y)
}

/** Gradients of the transposed convolution by x and by its filter. */
export function transposedConv2dGradReference(
  x: Float32Array,
  xShape: Shape4D,
  filter: Float32Array,
  filterShape: Shape4D,
  dy: Float32Array,
  options: TransposedConvolutionOptions,
): { dx: Float32Array; dfilter: Float32Array } {
  const dx = new Float64Array(x.length)
  const dfilter = new Float64Array(filter.length)
  forEachProduct(xShape, filterShape, options, (xi, fi, yi) => {
    dx[xi] += dy[yi] * filter[fi]
    dfilter[fi] += x[xi] * dy[yi]
  })
  return { dx: Float32Array.from(dx), dfilter: Float32Array.from(dfilter) }
}
