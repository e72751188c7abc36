import type { LabelRaster } from '../../../annotation/raster'
import type { Point } from '../../../annotation/shapes'
import type { ClassDefinition } from '../../../domain/classes'
import { isLabelled } from '../../../domain/labels'
import type { Suggestions } from '../../../state/labelling/suggestions'

interface PixelFacts {
  raster: LabelRaster
  suggestions: Suggestions | null
  classes: readonly ClassDefinition[]
}

/** Describes a pixel in one line: position, label, and the class that the network suggests. */
export function pixelText({ x, y }: Point, { raster, suggestions, classes }: PixelFacts): string {
  const name = (id: number) => classes[id]?.name ?? 'void'
  const index = y * raster.size.width + x
  const label = isLabelled(raster.provenance[index]) ? name(raster.classes[index]) : 'unlabelled'
  return [`${x}, ${y}`, label, ...(suggestions ? [`network: ${name(suggestions.at(x, y))}`] : [])].join(' · ')
}
