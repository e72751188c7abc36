/**
 * Vote entropy (paper Eq. 4), EM = -sum_c p_c log2 p_c with p_c the share of the m Monte-Carlo passes that vote for class c.
 * The map itself is computed beside the network, fused over the passes (`kernels/vote-entropy`); here is what the method
 * does with it.
 */
import { isAnnotated } from './budget'

/** The map with 0 wherever a person or the oracle labelled. Ground truth is never consulted. */
export function maskAnnotated(map: Float32Array, provenance: Uint8Array): Float32Array {
  return map.map((value, i) => (isAnnotated(provenance[i]) ? 0 : value))
}
