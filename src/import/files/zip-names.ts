/**
 * Names in archives whose tool did not say their encoding: the specification has the letters of the first PC for them,
 * while tools write those of the machine's language.
 */
import type { ZipReader } from '@zip.js/zip.js/lib/zip-core.js'
import type { ImportQuestion } from '../../domain/dataset'
import { decodeText, encodingQuestion } from '../class-files/text'

/** The name by which the reader knows the letters of the first PC, code page 437. */
const CP437 = 'cp437'
/** Its characters from 128 on: `TextDecoder` does not know them. */
const UPPER_CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xA0'

/** In place of a name while all are gathered: read in a wrong encoding it could seem to climb out. */
const PLACE = 'unread name '

/** How the names of an archive are read. */
export interface NameEncoding {
  /** For the reader; null where all names are ASCII or UTF-8, or say themselves what they are. */
  encoding: string | null
  question: ImportQuestion | null
}

/** @param answer a person's answer to the question; one that it does not offer counts for nothing */
export async function findNameEncoding(
  reader: ZipReader<Blob>,
  archive: File,
  answer: string | undefined,
): Promise<NameEncoding> {
  let unread = 0
  const entries = await reader.getEntries({
    decodeText: (name, encoding) => (encoding === CP437 && isForeign(name) ? `${PLACE}${unread++}` : undefined),
  })
  // An entry can say its name a second time, in UTF-8: then that one stands here.
  const names = entries.filter(({ filename, rawFilename }) => filename.startsWith(PLACE) && isForeign(rawFilename))
  if (names.length === 0) return { encoding: null, question: null }
  const bytes = distinctParts(names.map(({ rawFilename }) => rawFilename))
  const decoded = decodeText(bytes, undefined, [{ encoding: CP437, text: fromCp437(bytes) }])
  const isOffered = decoded.guesses.some(({ encoding }) => encoding === answer)
  const encoding = answer !== undefined && isOffered ? answer : decoded.encoding
  const question = encodingQuestion(archive.name, { ...decoded, encoding })
  return {
    encoding,
    question: question && {
      ...question,
      id: `archive-encoding:${archive.name}`,
      question: `In which encoding are the names of files in "${archive.name}"? They should read as words.`,
    },
  }
}

function isForeign(name: Uint8Array): boolean {
  return name.some((byte) => byte > 0x7f)
}

/** Names of folders and files that are not ASCII, once each, as lines. No encoding has '/' within a character. */
function distinctParts(paths: readonly Uint8Array[]): Uint8Array {
  const parts = new Set<string>()
  for (const path of paths) {
    for (const part of Array.from(path, (byte) => String.fromCharCode(byte))
      .join('')
      .split('/')) {
      if (/[\x80-\xFF]/.test(part)) parts.add(part)
    }
  }
  return Uint8Array.from([...parts].join('\n'), (byte) => byte.charCodeAt(0))
}

function fromCp437(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : UPPER_CP437[byte - 0x80])).join('')
}
