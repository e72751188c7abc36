/** Text from the bytes of a file whose encoding nobody says: spreadsheets and shells write many. */
import type { ImportQuestion } from '../../domain/dataset'

export interface DecodedText {
  text: string
  /** A label that `TextDecoder` knows, such as "utf-8" or "gbk". */
  encoding: string
  /** false where another encoding reads nearly as well. */
  isSure: boolean
  /** The plausible encodings and what the text would read as, the best first; empty when `isSure`. */
  guesses: { encoding: string; text: string }[]
}

/** Bytes that a guess looks at. */
const GUESSED_BYTES = 4096
/** Two encodings whose scores, 0..1, differ by less are both plausible. */
const CLEAR_LEAD = 0.3
const LEAST_SCORE = 0.25

/** An encoding of two bytes a character: where its common characters begin. */
interface DoubleBytes {
  /** First and last lead byte of its common characters. */
  common: [number, number]
  /** Least second byte of a common character. */
  trail: number
}

/** Of two encodings that read a text equally well, the first is taken. */
const LEGACY: [encoding: string, pairs: DoubleBytes | null][] = [
  ['windows-1252', null],
  ['gbk', { common: [0xb0, 0xd7], trail: 0xa1 }],
  ['shift_jis', { common: [0x88, 0x97], trail: 0x40 }],
  ['euc-kr', { common: [0xb0, 0xc8], trail: 0xa1 }],
  ['big5', { common: [0xa4, 0xc6], trail: 0x40 }],
  ['windows-1251', null],
  ['windows-1250', null],
  ['macintosh', null],
]

/** Characters of everyday words for what a photo may show, in Chinese (both scripts), Japanese and Korean. */
const EVERYDAY = new Set(
  '的一人大小中上下水木土地天空道路车車树樹草房屋建筑築背景物植被行步电電线線灯燈牌山河海湖田林花公交通标標志识墙牆桥橋船飞飛机機' +
    '动動石沙雪云雲雨门門窗自摩托货貨客巴士汽出租街人体體头頭手猫狗牛马馬鸟鳥鱼魚医疗病变區区域类類别別未知其他工业業农農作裂缝缺陷信号號板' +
    '도로차나무하늘건물사람배경신호등표지판보행자전거오토바이풀산강다리길벽문창집붕잔디숲버스트럭인선기타구름땅모래수',
)

/**
 * Decodes a text file: by its mark (BOM), as UTF-8 or UTF-16, else in the legacy encoding whose reading looks most like
 * words. With `encoding`, a person's answer, that one is taken.
 * @param others what the bytes read as in encodings of one byte a character that `TextDecoder` does not know
 * @throws RangeError when `encoding` is none that `TextDecoder` knows
 */
export function decodeText(
  bytes: Uint8Array,
  encoding?: string,
  others: readonly { encoding: string; text: string }[] = [],
): DecodedText {
  const marked = encoding ?? markedEncoding(bytes) ?? wideEncoding(bytes)
  if (marked) return surely(marked, new TextDecoder(marked).decode(bytes))
  const unicode = strict('utf-8', bytes)
  if (unicode !== null) return surely('utf-8', unicode)
  const scored = others.map((other) => ({ ...other, score: mean(wordPoints(other.text.slice(0, GUESSED_BYTES))) }))
  for (const [label, pairs] of LEGACY) {
    const text = strict(label, bytes)
    if (text === null) continue
    scored.push({ encoding: label, text, score: score(bytes.subarray(0, GUESSED_BYTES), label, pairs) })
  }
  // A damaged file in UTF-8 is more likely than one in an encoding that reads it as signs.
  const broken = new TextDecoder().decode(bytes)
  const damage = (broken.match(/\uFFFD/g)?.length ?? 0) / (broken.match(/\P{ASCII}/gu)?.length ?? 1)
  scored.push({ encoding: 'utf-8', text: broken, score: 1 - 3 * damage })
  scored.sort((a, b) => b.score - a.score)
  const [best] = scored
  const texts = new Set<string>()
  const guesses = scored.filter(({ text, score: points }) => {
    return points >= Math.min(LEAST_SCORE, best.score) && !texts.has(text) && texts.add(text)
  })
  const isSure = guesses.length === 1 || best.score - guesses[1].score >= CLEAR_LEAD
  return { text: best.text, encoding: best.encoding, isSure, guesses: isSure ? [] : guesses }
}

function surely(encoding: string, text: string): DecodedText {
  return { text, encoding, isSure: true, guesses: [] }
}

/** The question that a guessed encoding leaves; null when there is none. Its answer goes into `decodeText`. */
export function encodingQuestion(path: string, { encoding, guesses }: DecodedText): ImportQuestion | null {
  if (guesses.length === 0) return null
  return {
    id: `encoding:${path}`,
    question: `In which encoding is "${path}" written? Its words tell.`,
    options: guesses.map(({ encoding: value, text }) => ({ value, label: `${value}: ${sampleOf(text)}` })),
    answer: encoding,
  }
}

/** The first lines that only their encoding can tell, shortened. */
function sampleOf(text: string): string {
  const telling = splitLines(text).filter((line) => /\P{ASCII}/u.test(line))
  return telling
    .slice(0, 3)
    .map((line) => [...line.trim()].slice(0, 40).join(''))
    .join(', ')
}

/** Lines ended by \n, \r\n or \r, mixed or not, without a mark (BOM). */
export function splitLines(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
}

function markedEncoding([a, b, c]: Uint8Array): string | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : null
}

/** UTF-16 has zeros in every second byte of Latin letters and line ends; other text has none. */
function wideEncoding(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, GUESSED_BYTES)
  const zeros = [0, 0]
  for (const [i, byte] of head.entries()) if (byte === 0) zeros[i & 1]++
  const most = Math.max(...zeros)
  if (bytes.length % 2 !== 0 || most <= 3 * Math.min(...zeros)) return null
  // A few zeros in text that is UTF-8 are stray.
  if (most * 5 <= head.length && strict('utf-8', bytes) !== null) return null
  const encoding = zeros[1] >= zeros[0] ? 'utf-16le' : 'utf-16be'
  return strict(encoding, bytes) === null ? null : encoding
}

/** null where the encoding does not allow the bytes, or gives control characters for them. */
function strict(encoding: string, bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return /[\u0080-\u009F]/.test(text) ? null : text
  } catch {
    return null // Not text of this encoding.
  }
}

/** How much a text reads like words in an encoding, 0..1: the mean over its characters that are not ASCII. */
function score(bytes: Uint8Array, encoding: string, pairs: DoubleBytes | null): number {
  return mean(pairs ? pairPoints(bytes, encoding, pairs) : wordPoints(new TextDecoder(encoding).decode(bytes)))
}

function mean(points: readonly number[]): number {
  return points.length === 0 ? 0 : points.reduce((sum, point) => sum + point, 0) / points.length
}

function pairPoints(bytes: Uint8Array, encoding: string, { common, trail }: DoubleBytes): number[] {
  const decoder = new TextDecoder(encoding)
  const points: number[] = []
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]
    if (lead < 0x80) continue
    if (encoding === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf) {
      points.push(0.1) // Half-width katakana: hardly written today.
      continue
    }
    const character = decoder.decode(bytes.subarray(i, i + 2))
    i++
    const isCommon = lead >= common[0] && lead <= common[1] && bytes[i] >= trail
    if (EVERYDAY.has(character) || /^[\u3041-\u30FF]$/.test(character)) points.push(1)
    else points.push(isCommon ? 0.6 : /^[\u3000-\u303F\uFF00-\uFF5E]$/.test(character) ? 0.5 : 0.1)
  }
  return points
}

/** Points of letters in words of one script, with capitals where words begin, and of the signs between them. */
function wordPoints(text: string): number[] {
  const points: number[] = []
  for (const [word] of text.matchAll(/(?:\p{ASCII}(?<=\p{L})|[^\p{ASCII}°²³‘’“”–—…€§])+|[°²³‘’“”–—…€§]/gu)) {
    const foreign = [...word].filter((character) => character > '\x7F')
    const isWord = /^\p{Lu}?\p{Ll}*$|^[\p{Lu}]+$/u.test(word)
    const isCyrillic = /^\p{Script=Cyrillic}+$/u.test(word)
    const isLatin = /^\p{Script=Latin}+$/u.test(word) && !/[^\0-\x7F]{3}|[ﬁﬂ]/.test(word)
    // A letter alone says little.
    const point = !isWord
      ? 0.15
      : word.length === 1
        ? 0.3
        : isCyrillic
          ? 0.9
          : isLatin && foreign.length < word.length
            ? 0.9
            : 0.2
    for (const _ of foreign) points.push(/^[°²³‘’“”–—…€§]$/.test(word) ? 0.6 : point)
  }
  return points
}
