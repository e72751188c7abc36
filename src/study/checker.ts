/** Collects what is wrong with a study's file: sentences that name file, place, value and remedy. */
import { nearest, type Rule } from './value-rules'

export type Fields = Readonly<Record<string, unknown>>

export class Checker {
  readonly problems: string[] = []

  constructor(readonly file: string) {}

  /** @param sentence begins with the place */
  add(sentence: string): void {
    this.problems.push(`${this.file}: ${sentence}`)
  }

  /** Refuses a value. `expects` ends the sentence "it must be ...". */
  refuse(value: unknown, place: string, expects: string): void {
    this.add(
      value === undefined
        ? `${place} is missing; it must be ${expects}.`
        : `${place} is ${said(value)}; it must be ${expects}.`,
    )
  }

  value(value: unknown, place: string, rule: Rule): boolean {
    if (rule.accepts(value)) return true
    this.refuse(value, place, rule.expects)
    if (typeof value === 'string' && rule.words) this.#suggest(value, rule.words)
    return false
  }

  /** An object with keys of the given ones alone; null where the value is no object. */
  object(value: unknown, place: string, expects: string, keys: readonly string[]): Fields | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuse(value, place === '' ? 'the file' : place, expects)
      return null
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue
      this.add(`${place === '' ? 'a study' : place} has no key "${key}"; the keys are ${keys.join(', ')}.`)
      this.#suggest(key, keys)
    }
    return value as Fields
  }

  /** A list of at least one item, none of which stands there twice; [] where the value is none. */
  list(value: unknown, place: string, expects: string): readonly unknown[] {
    if (!Array.isArray(value)) {
      this.refuse(value, place, expects)
      return []
    }
    if (value.length === 0) this.add(`${place} is an empty list; it must be ${expects}, one at least.`)
    const seen = new Map<string, number>()
    for (const [i, item] of value.entries()) {
      const text = JSON.stringify(item)
      const first = seen.get(text)
      if (first !== undefined)
        this.add(`${place}[${i}] is ${said(item)}, as is ${place}[${first}]; leave one of them out.`)
      else seen.set(text, i)
    }
    return value
  }

  /** A list whose items all follow a rule. */
  items(value: unknown, place: string, expects: string, rule: Rule): readonly unknown[] {
    const items = this.list(value, place, expects)
    for (const [i, item] of items.entries()) this.value(item, `${place}[${i}]`, rule)
    return items
  }

  #suggest(text: string, words: readonly string[]): void {
    const near = nearest(text, words)
    if (near !== undefined) this.problems.push(`${this.problems.pop()} Did you mean "${near}"?`)
  }
}

/** A value in a sentence, cut where it is long. */
function said(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
