/** Checks of values from outside: whether they have the shape of a type. */

export type Check<T = unknown> = (value: unknown) => value is T

export const text: Check<string> = (value) => typeof value === 'string'
export const number: Check<number> = (value) => typeof value === 'number'
/** A whole number from 0. */
export const count: Check<number> = (value): value is number => Number.isInteger(value) && (value as number) >= 0
export const boolean: Check<boolean> = (value) => typeof value === 'boolean'
const object: Check<object> = (value) => typeof value === 'object' && value !== null

export function oneOf<T extends string | number>(...values: readonly T[]): Check<T> {
  return (value): value is T => values.includes(value as T)
}

export function instanceOf<T>(type: new (...args: never[]) => T): Check<T> {
  return (value): value is T => value instanceof type
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value)
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value): value is T | undefined => value === undefined || check(value)
}

export function anyOf<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value): value is A | B => first(value) || second(value)
}

/** Passes an array whose items all pass, of the given length if any. */
export function listOf<T>(check: Check<T>, length?: number): Check<T[]> {
  return (value): value is T[] =>
    Array.isArray(value) && value.every((item) => check(item)) && value.length === (length ?? value.length)
}

/** Passes an object whose fields all pass; the compiler demands a check for every field of the type. */
export function fields<T extends object>(checks: { [Name in keyof Required<T>]: Check<T[Name]> }): Check<T> {
  const entries = Object.entries<Check>(checks)
  return (value): value is T =>
    object(value) && entries.every(([name, check]) => check((value as Record<string, unknown>)[name]))
}
