/** The sentences of a text; those in quotes, such as names of files, are not taken apart. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  let start = 0
  for (const { index } of text.matchAll(/(?<=[.!?]) (?=\S)/g)) {
    const sentence = text.slice(start, index)
    const isQuoted = sentence.split('"').length % 2 === 0
    if (isQuoted || !/^[A-Z"0-9]/.test(text.slice(index + 1))) continue
    sentences.push(sentence)
    start = index + 1
  }
  return [...sentences, text.slice(start)].filter((sentence) => sentence.trim() !== '')
}
