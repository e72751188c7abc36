/**
 * Writes a WGSL source out in full: every line that names `$p` stands once for each p, and so for every other name.
 * Register tiles need it. An array with an index that varies lies in memory on some adapters, a variable in a register.
 *
 * @param counts how often, e.g. { p: 2, q: 2 } makes `sum$p$q += a$p * b$q;` four lines.
 */
export function unroll(source: string, counts: Record<string, number>): string {
  return Object.entries(counts).reduce(
    (text, [name, count]) =>
      text
        .split('\n')
        .flatMap((line) =>
          line.includes(`$${name}`)
            ? Array.from({ length: count }, (_, i) => line.replaceAll(`$${name}`, String(i)))
            : [line],
        )
        .join('\n'),
    source,
  )
}
