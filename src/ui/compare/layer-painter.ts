/** A run's map as a picture; maps of numbers on one scale for all runs. */
import type { ClassDefinition } from '../../domain/classes'
import type { ImageLayers, QuantizedMap } from '../../domain/round'
import { paintClasses, paintMap, toCanvas } from '../../image/paint'

export type ComparedLayer = 'prediction' | 'entropy' | 'attention'

/**
 * Paints the layer of the run at an index; null where it has none. Each picture is made once.
 * @param layers of each run
 */
export function layerPainter(
  layers: readonly (ImageLayers | null)[],
  layer: ComparedLayer,
  classes: readonly ClassDefinition[],
  ramp: Uint8Array,
): (index: number) => OffscreenCanvas | null {
  const most = layer === 'prediction' ? 0 : Math.max(0, ...layers.map((own) => own?.[layer]?.max ?? 0))
  const pictures = layers.map((own) => {
    if (!own) return null
    if (layer === 'prediction') return own.prediction && toCanvas(paintClasses(own.prediction, classes), own.size)
    const map = own[layer]
    return map && toCanvas(paintMap(onScale(map, most), ramp), own.size)
  })
  return (index) => pictures[index] ?? null
}

/** The same numbers as shares of a larger maximum. */
export function onScale({ values, max }: QuantizedMap, most: number): QuantizedMap {
  if (max === most || most === 0) return { values, max }
  return { values: values.map((value) => Math.round((value * max) / most)), max: most }
}
