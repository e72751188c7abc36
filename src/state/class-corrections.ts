/** A person's names and colours for the classes that a folder brings. */
import type { ClassDefinition } from '../domain/classes'

/** The corrected class by the class as the folder has it, so that it is found again wherever a new look puts it. */
export type ClassCorrections = ReadonlyMap<string, ClassDefinition>

const keyOf = ({ name, color }: ClassDefinition) => JSON.stringify([name, color])

export function corrected(classes: readonly ClassDefinition[], corrections: ClassCorrections): ClassDefinition[] {
  return classes.map((found) => corrections.get(keyOf(found)) ?? found)
}

/** @param found the class as the folder has it */
export function withCorrection(
  corrections: ClassCorrections,
  found: ClassDefinition,
  change: Partial<ClassDefinition>,
): ClassCorrections {
  const changed = { ...(corrections.get(keyOf(found)) ?? found), ...change }
  const others = new Map(corrections)
  if (keyOf(changed) === keyOf(found)) others.delete(keyOf(found))
  else others.set(keyOf(found), changed)
  return others
}

/** By class id, a sentence about a name that cannot be kept; null where the name is good. */
export function nameFaults(classes: readonly ClassDefinition[]): (string | null)[] {
  const uses = new Map<string, number>()
  for (const name of classes.map(trimmed)) uses.set(name, (uses.get(name) ?? 0) + 1)
  return classes.map((each, id) => {
    const name = trimmed(each)
    if (name === '') return `Class ${id} has no name: give it one.`
    return uses.get(name) === 1 ? null : `Two classes are called "${name}": give one of them another name.`
  })
}

function trimmed({ name }: ClassDefinition): string {
  return name.trim()
}
