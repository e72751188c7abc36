import { patchAttention } from '../kernels/attention/patch-attention'
import type { PatchAttention } from '../math/patch-attention'

/** Attention between the patches of an image, on the engine that is booted. */
export async function attendOnEngine(request: PatchAttention): Promise<Float32Array> {
  const attended = patchAttention(request)
  const values = await attended.data<'float32'>()
  attended.dispose()
  return values
}
