/** Lists of everything that a project file lacks. */
import type { Missing } from '../domain/project'

export function emptyMissing(): Missing {
  return { images: [], pictures: [], groundTruth: [], labels: [], runs: [], runParts: [] }
}

/** Everything that is missing by either list, once; null when nothing is. */
export function allMissing(a: Missing, b: Missing = emptyMissing()): Missing | null {
  const all: Missing = {
    images: union(a.images, b.images),
    pictures: union(a.pictures, b.pictures),
    groundTruth: union(a.groundTruth, b.groundTruth),
    labels: union(a.labels, b.labels),
    runs: union(a.runs, b.runs),
    runParts: union(a.runParts, b.runParts),
  }
  return Object.values(all).some((things) => things.length > 0) ? all : null
}

function union<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Map([...a, ...b].map((each) => [JSON.stringify(each), each])).values()]
}
