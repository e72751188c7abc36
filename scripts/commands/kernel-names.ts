/** Which tests belong to a kernel, told from the names of files: `src/kernels/FAMILY/OPERATION.*`. */

/** Operations by family. */
export type Families = ReadonlyMap<string, readonly string[]>

/** Folders of `src/kernels` that are no family of operations. */
const NO_FAMILY = ['assembly']

const operationOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).split('.')[0]

const isTest = (path: string) => path.endsWith('.test.ts') && !path.includes('.long.')

/** @param paths of files, relative to the root and divided by slashes */
export function familiesOf(paths: readonly string[]): Families {
  const families = new Map<string, string[]>()
  for (const path of paths) {
    const [, family] = /^src\/kernels\/([^/]+)\/[^/]+\.ts$/.exec(path) ?? []
    if (!family || NO_FAMILY.includes(family)) continue
    const operations = families.get(family) ?? []
    const operation = operationOf(path)
    if (!operations.includes(operation)) operations.push(operation)
    families.set(family, operations)
  }
  for (const operations of families.values()) operations.sort()
  return new Map([...families].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * The operations that a name means: a family's all, one of that very name, or else those whose name contains it. Empty where there are
 * none.
 */
export function operationsNamed(name: string, families: Families): string[] {
  const all = [...families.values()].flat()
  const family = families.get(name) ?? []
  const exact = all.filter((operation) => operation === name || family.includes(operation))
  return exact.length > 0 ? exact : all.filter((operation) => operation.includes(name))
}

/** The tests of operations, in their family and wherever else a test bears their name. */
export function testsOf(operations: readonly string[], paths: readonly string[]): string[] {
  return paths.filter((path) => isTest(path) && operations.includes(operationOf(path)))
}
