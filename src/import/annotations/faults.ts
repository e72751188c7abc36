/** Collects what is wrong with single annotations: one sentence for each kind of fault. */
import type { FileProblem } from '../../domain/dataset'

/** So many are named in a sentence. */
const MOST_NAMED = 10

export class Faults {
  private readonly kinds = new Map<string, { remedy: string; names: string[] }>()

  /**
   * @param name of the annotation, such as "annotation 12"
   * @param fault the rest of a sentence, such as "has no points"
   */
  add(name: string, fault: string, remedy: string): void {
    const kind = this.kinds.get(fault) ?? { remedy, names: [] }
    this.kinds.set(fault, kind)
    kind.names.push(name)
  }

  problems(path: string): FileProblem[] {
    return [...this.kinds].map(([fault, { names, remedy }]) => {
      const named = names.slice(0, MOST_NAMED).join(', ')
      const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
      const problem =
        names.length === 1
          ? `In "${path}", ${named} ${fault}; it was left out.`
          : `In "${path}", each of these ${fault}: ${named}${more}; they were left out.`
      return { path, problem, remedy }
    })
  }
}
