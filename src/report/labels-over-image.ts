import type { ClassDefinition } from '../domain/classes'
import type { Color } from '../domain/color'
import { hasClass, isLabelled } from '../domain/labels'

/** Colour of void and of pixels without a label. */
export const NOTHING: Readonly<Color> = [24, 27, 31]

/** How strongly a label covers the image below it. */
const COVER = { labelled: 0.78, extended: 0.5, none: 0.55 }

/**
 * Paints labels over their image, in the manner of the paper's Fig. 9: labelled pixels in strong class colours, extended ones striped, the
 * rest of the image dimmed.
 * @param rgba H*W*4, the image, painted over in place
 */
export function paintLabelsOver(
  rgba: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  labels: { classes: Uint8Array; provenance: Uint8Array },
  classes: readonly ClassDefinition[],
): void {
  for (let i = 0; i < labels.classes.length; i++) {
    const provenance = labels.provenance[i]
    const isStripe = (Math.floor(i / width) + (i % width)) % 6 < 3
    let cover = COVER.none
    if (isLabelled(provenance)) cover = COVER.labelled
    else if (hasClass(provenance)) cover = isStripe ? COVER.labelled : COVER.extended
    const color = hasClass(provenance) ? (classes[labels.classes[i]]?.color ?? NOTHING) : NOTHING
    for (let channel = 0; channel < 3; channel++) {
      const at = i * 4 + channel
      rgba[at] = (rgba[at] ?? 0) * (1 - cover) + (color[channel] ?? 0) * cover
    }
  }
}
