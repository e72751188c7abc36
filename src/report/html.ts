/** Builds HTML text; values are escaped unless they are HTML themselves. */

export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | null | false | readonly Value[]

function toText(value: Value): string {
  if (value instanceof Html) return value.text
  if (value === null || value === false) return ''
  if (typeof value === 'object') return value.map(toText).join('')
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** Tagged template: html`<td>${name}</td>` is safe for any name. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.reduce((text, part, i) => text + toText(values[i - 1] ?? null) + part))
}
