/**
 * JSON that a person wrote. What is wrong with it is said with line and column, which `JSON.parse` does not do in every
 * browser, and a key that stands twice in an object is refused.
 */

/** `line` and `column` count from 1; `problem` is half a sentence, such as "has a comma too many". */
export class JsonFault extends Error {
  constructor(
    readonly line: number,
    readonly column: number,
    readonly problem: string,
  ) {
    super(`Line ${line}, column ${column} ${problem}.`)
  }
}

const SPACE = /[ \t\r\n]*/y
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/** @throws JsonFault */
export function parseLocatedJson(text: string): unknown {
  return new Parser(text.replace(/^\uFEFF/, '')).document()
}

class Parser {
  #at = 0

  constructor(readonly text: string) {}

  document(): unknown {
    const value = this.#value()
    if (this.#next() !== '') this.#fail('has something after the end of the value')
    return value
  }

  #fail(problem: string): never {
    const before = this.text.slice(0, this.#at).split('\n')
    throw new JsonFault(before.length, (before.at(-1) as string).length + 1, problem)
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  /** The next character that is no space; '' at the end. */
  #next(): string {
    this.#take(SPACE)
    return this.text.charAt(this.#at)
  }

  #found(): string {
    const character = this.text.charAt(this.#at)
    return character === '' ? 'the text ends' : `there is ${JSON.stringify(character)}`
  }

  #value(): unknown {
    const character = this.#next()
    if (character === '{') return this.#object()
    if (character === '[') return this.#list()
    if (character === '"') return this.#string()
    const scalar = this.#take(SCALAR)
    if (scalar === '') this.#fail(`should begin a value, and ${this.#found()}`)
    return JSON.parse(scalar)
  }

  #string(): string {
    const found = this.#take(STRING)
    if (found === '') this.#fail('begins a text that does not end on its line or holds a wrong escape')
    return JSON.parse(found) as string
  }

  /** Goes behind the comma or the closing bracket after an item; true when there are more. */
  #hasMore(close: string): boolean {
    const character = this.#next()
    if (character !== ',' && character !== close) this.#fail(`should have "," or "${close}", and ${this.#found()}`)
    if (character === ',') {
      const comma = this.#at++
      if (this.#next() !== close) return true
      this.#at = comma
      this.#fail(`has a comma before "${close}", which must go`)
    }
    this.#at++
    return false
  }

  #list(): unknown[] {
    const items: unknown[] = []
    this.#at++
    if (this.#next() === ']') this.#at++
    else
      do {
        items.push(this.#value())
      } while (this.#hasMore(']'))
    return items
  }

  #object(): Record<string, unknown> {
    const entries = new Map<string, unknown>()
    this.#at++
    if (this.#next() === '}') this.#at++
    else
      do {
        if (this.#next() !== '"') this.#fail(`should begin a key in double quotes, and ${this.#found()}`)
        const start = this.#at
        const key = this.#string()
        if (entries.has(key)) {
          this.#at = start
          this.#fail(`has the key "${key}" a second time`)
        }
        if (this.#next() !== ':') this.#fail(`should have ":" after the key "${key}", and ${this.#found()}`)
        this.#at++
        entries.set(key, this.#value())
      } while (this.#hasMore('}'))
    return Object.fromEntries(entries)
  }
}
