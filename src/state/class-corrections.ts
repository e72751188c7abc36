/** A person's names and colours for the classes that a folder brings. */
import type { ClassDefinition } from '../domain/classes'

/** The corrected class by the class as the folder has it, so that it is found again wherever a new look puts it. */
export type ClassCorrections = ReadonlyMap<string, ClassDefinition>

/** What each class is found again by: its name and colour, and of several that share both its place among them. */
function keysOf(classes: readonly ClassDefinition[]): string[] {
  const uses = new Map<string, number>()
  return classes.map(({ name, color }) => {
    const look = JSON.stringify([name, color])
    const place = uses.get(look) ?? 0
    uses.set(look, place + 1)
    return `${look} ${place}`
  })
}

export function corrected(classes: readonly ClassDefinition[], corrections: ClassCorrections): ClassDefinition[] {
  const keys = keysOf(classes)
  return classes.map((found, id) => corrections.get(keys[id]) ?? found)
}

/** @param classes as the folder has them */
export function withCorrection(
  corrections: ClassCorrections,
  classes: readonly ClassDefinition[],
  classId: number,
  change: Partial<ClassDefinition>,
): ClassCorrections {
  const found = classes[classId]
  const key = keysOf(classes)[classId]
  const changed = { ...(corrections.get(key) ?? found), ...change }
  const others = new Map(corrections)
  if (JSON.stringify([changed.name, changed.color]) === JSON.stringify([found.name, found.color])) others.delete(key)
  else others.set(key, changed)
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
