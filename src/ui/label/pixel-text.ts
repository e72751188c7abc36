import type { LabelRaster } from '../../annotation/raster'
import type { Point } from '../../annotation/shapes'
import type { ClassDefinition } from '../../domain/classes'
import { isLabelled } from '../../domain/labels'
import type { Suggestions } from '../../state/labelling/suggestions'

interface PixelFacts {
  raster: LabelRaster
  suggestions: Suggestions | null
  classes: readonly ClassDefinition[]
}

/** What is known of a pixel of the image: where it is, its label, and what the network would give it. */
export function pixelText({ x, y }: Point, { raster, suggestions, classes }: PixelFacts): string {
  const name = (id: number) => classes[id]?.name ?? 'void'
  const index = y * raster.size.width + x
  const label = isLabelled(raster.provenance[index]) ? name(raster.classes[index]) : 'unlabelled'
  return [`${x}, ${y}`, label, ...(suggestions ? [`network: ${name(suggestions.at(x, y))}`] : [])].join(' · ')
}
