/**
 * Contextual Labels Extension (paper Eq. 7 and 8): labels spread from labelled pixels to similar neighbouring patches.
 */
import type { ExtensionConfig } from '../domain/config'
import type { Labels } from '../domain/labels'
import { IGNORE, isLabelled, PROVENANCE } from '../domain/labels'
import type { Size } from '../domain/size'
import { nearestPositions } from '../image/resample'
import type { AttendToPatches } from '../math/patch-attention'
import { propagateByContext } from './contextual-propagation'
import { propagateLiterally } from './literal-propagation'
import { workingCopy } from './working-copy'

export interface ExtensionInput extends Labels {
  /** H*W*3 sRGB. */
  rgb: Uint8Array | Uint8ClampedArray
  size: Size
  classCount: number
  /** H*W, the network's most probable class; null when there is no network yet, and nothing is vetoed. */
  prediction: Uint8Array | Int32Array | null
  /** H*W, the network's probability of that class. */
  confidence: Float32Array | null
}

export interface Extension {
  /** H*W class ids of the pixels that were added, 255 elsewhere. */
  classes: Uint8Array
  /** H*W probability of the added label, 0 elsewhere. */
  confidence: Float32Array
}

/** 1 for classes that have at least `share` of the image's labelled pixels. */
function frequentClasses({ classes, provenance, classCount }: ExtensionInput, share: number): Uint8Array {
  const counts = new Float64Array(classCount)
  let labelled = 0
  for (let i = 0; i < classes.length; i++) {
    if (!isLabelled(provenance[i])) continue
    labelled++
    if (classes[i] !== IGNORE) counts[classes[i]]++
  }
  return Uint8Array.from(counts, (count) => (count >= share * labelled ? 1 : 0))
}

/**
 * Labels for pixels that nobody labelled, spread from labelled pixels alone: extended ones are ignored, so nothing
 * spreads in chains, and a refused pixel gets none again. A pixel is accepted when the propagated probability reaches
 * `threshold`, its class is not rare in the image, and the network agrees or is less sure than `vetoConfidence`.
 * Labelled pixels never change.
 * @param attendToPatches computes the attention between patches
 */
export async function extendLabels(
  input: ExtensionInput,
  config: ExtensionConfig,
  attendToPatches: AttendToPatches,
): Promise<Extension> {
  const { size, provenance, prediction, confidence, classCount } = input
  const copy = workingCopy(input, config.longSide)
  const propagate = config.mode === 'context' ? propagateByContext : propagateLiterally
  const propagation = await propagate(copy, classCount, config, attendToPatches)
  const isFrequent = frequentClasses(input, config.classShare)
  const rows = nearestPositions(copy.size.height, size.height)
  const columns = nearestPositions(copy.size.width, size.width)
  const extension: Extension = {
    classes: new Uint8Array(provenance.length).fill(IGNORE),
    confidence: new Float32Array(provenance.length),
  }
  for (let i = 0; i < provenance.length; i++) {
    if (isLabelled(provenance[i]) || provenance[i] === PROVENANCE.rejected) continue
    const source = rows[Math.floor(i / size.width)] * copy.size.width + columns[i % size.width]
    const id = propagation.classes[source]
    const probability = propagation.probability[source]
    if (id === IGNORE || probability < config.threshold || isFrequent[id] === 0) continue
    if (prediction && confidence && prediction[i] !== id && confidence[i] >= config.vetoConfidence) continue
    extension.classes[i] = id
    extension.confidence[i] = probability
  }
  return extension
}

/**
 * Compares an extension with the ground truth. `judgedPixels` are the added pixels whose ground truth is not void,
 * `correctPixels` those of them with the true class; both are 0 without ground truth.
 */
export function judgeExtension(
  extension: Extension,
  truth: Uint8Array | null,
): { addedPixels: number; correctPixels: number; judgedPixels: number } {
  const judged = { addedPixels: 0, correctPixels: 0, judgedPixels: 0 }
  for (let i = 0; i < extension.classes.length; i++) {
    if (extension.classes[i] === IGNORE) continue
    judged.addedPixels++
    if (!truth || truth[i] === IGNORE) continue
    judged.judgedPixels++
    if (truth[i] === extension.classes[i]) judged.correctPixels++
  }
  return judged
}
