import { wasmKernel } from '../wasm-kernel'

/**
 * Replaces tfjs's own 'Tile' of the WASM backend, which visits every element in JavaScript: broadcasting the image pooling
 * branch and repeating features for the Monte-Carlo passes took longer than the convolutions around them.
 */
const tile = wasmKernel<{ reps: number[] }>(
  'Tile',
  ({ inputs: { x }, attrs: { reps }, backend, allocate, pointer, assembly }) => {
    const elementBytes = x.dtype === 'bool' ? 1 : 4
    const product = (extents: number[]) => extents.reduce((size, extent) => size * extent, 1)
    let shape = x.shape.slice()
    let tiled = x
    // One axis after the other, from the outermost, so that the early and small copies are read again.
    for (const [axis, repeats] of reps.entries()) {
      if (repeats === 1 && !(tiled === x && axis === reps.length - 1)) continue
      const bytes = elementBytes * product(shape.slice(axis))
      const outer = product(shape.slice(0, axis))
      shape = shape.map((extent, i) => (i === axis ? extent * repeats : extent))
      const next = allocate(shape, x.dtype as 'float32' | 'int32')
      assembly.tileBlocks(pointer(tiled), pointer(next), outer, bytes, repeats)
      if (tiled !== x) backend.disposeData(tiled.dataId)
      tiled = next
    }
    return tiled
  },
)

export const tileKernels = [tile]
