/** The outline of an annotation of COCO: polygons or run lengths. */
import { hullOf, type Rectangle, type Size } from '../../domain/size'
import { isFields, isNumber, sizeOf } from './annotated'
import { polygonRuns } from './coco-polygon'
import type { ColumnRuns } from './columns'
import { runsOf, unpackRuns } from './run-lengths'

export type Segmentation =
  /** x and y in turns, in pixels. */
  { kind: 'polygons'; parts: number[][] } | { kind: 'runs'; counts: string | readonly unknown[]; size: Size }

export interface ReadSegmentation {
  /** null when nothing of it can be drawn. */
  segmentation: Segmentation | null
  /** What is wrong with it or a part of it: the rest of a sentence. */
  fault: string | null
}

/** @param image the image's size, where the file says it */
export function readSegmentation(value: unknown, image: Size | null): ReadSegmentation {
  if (Array.isArray(value)) return readPolygons(value)
  if (!isFields(value))
    return { segmentation: null, fault: 'has a segmentation that is neither polygons nor run lengths' }
  const { counts, size: sides } = value
  const size = Array.isArray(sides) ? sizeOf(sides[0], sides[1]) : null
  if (!size || (typeof counts !== 'string' && !Array.isArray(counts))) {
    return { segmentation: null, fault: 'has run lengths without their counts or their size' }
  }
  if (image && (image.height !== size.height || image.width !== size.width)) {
    return { segmentation: null, fault: 'has run lengths of another size than its image' }
  }
  if (!runsOfCounts(counts, size)) {
    return { segmentation: null, fault: "has run lengths that do not add up to the image's pixels" }
  }
  return { segmentation: { kind: 'runs', counts, size }, fault: null }
}

function readPolygons(value: readonly unknown[]): ReadSegmentation {
  // Some tools write a single polygon without the list around it, or each point as a list of its own.
  const parts = value.every(isNumber) ? [value] : value.map((part) => (Array.isArray(part) ? part.flat() : []))
  const good = parts.filter(
    (part): part is number[] => part.length >= 6 && part.length % 2 === 0 && part.every(isNumber),
  )
  if (good.length === parts.length) return { segmentation: { kind: 'polygons', parts: good }, fault: null }
  const fault = 'has a polygon of less than three points, with an odd number of coordinates, or with other than numbers'
  return { segmentation: good.length > 0 ? { kind: 'polygons', parts: good } : null, fault }
}

function runsOfCounts(counts: string | readonly unknown[], { height, width }: Size): ColumnRuns | null {
  const lengths = typeof counts === 'string' ? unpackRuns(counts) : counts
  return lengths && runsOf(lengths, height * width)
}

/** The runs of every part; parts may overlap. Run lengths are of the image's size. */
export function segmentationRuns(segmentation: Segmentation, size: Size): ColumnRuns[] {
  if (segmentation.kind === 'polygons') return segmentation.parts.map((part) => polygonRuns(part, size))
  return [runsOfCounts(segmentation.counts, segmentation.size) ?? []]
}

/** A rectangle around it, in pixels. */
export function extentOf(segmentation: Segmentation): Rectangle | null {
  if (segmentation.kind === 'runs') return { x: 0, y: 0, ...segmentation.size }
  return hullOf(segmentation.parts.map(extentOfPart))
}

function extentOfPart(points: readonly number[]): Rectangle {
  let [left, top, right, bottom] = [points[0], points[1], points[0], points[1]]
  for (let i = 2; i < points.length; i += 2) {
    left = Math.min(left, points[i])
    right = Math.max(right, points[i])
    top = Math.min(top, points[i + 1])
    bottom = Math.max(bottom, points[i + 1])
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}
