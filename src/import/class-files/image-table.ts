/** Tables that say which image a mask belongs to, such as `images.csv` of exports. */
import { plain } from './names'
import { quotedRows } from './rows'

export interface ImagePair {
  /** Paths as the table writes them. */
  mask: string
  image: string
}

export interface ImageTable {
  path: string
  pairs: ImagePair[]
}

const MASK_HEADERS = /^(masks?|labels?|annotations?|segmentations?|gt|groundtruth)(path|file|filename|name)?$/
const IMAGE_HEADERS = /^(images?|imgs?|photos?|pictures?)(path|file|filename|name)?$/

/** Pairs of a table (RFC 4180, or with tabs or semicolons) with a column of masks and one of images; none of any other. */
export function parseImageTable(text: string): ImagePair[] {
  for (const separator of [',', ';', '\t']) {
    const [headers = [], ...rows] = quotedRows(text, separator)
    const mask = headers.findIndex((header) => MASK_HEADERS.test(plain(header)))
    const image = headers.findIndex((header) => IMAGE_HEADERS.test(plain(header)))
    if (mask < 0 || image < 0) continue
    return rows
      .map((row) => ({ mask: row[mask] ?? '', image: row[image] ?? '' }))
      .filter((row) => row.mask && row.image)
  }
  return []
}

/**
 * Path of the image by path of its mask, of those pictures that are there. Paths in a table begin at its own folder or
 * at the top, or agree from their end with one picture alone.
 */
export function matchImageTables(tables: readonly ImageTable[], picturePaths: readonly string[]): Map<string, string> {
  const matched = new Map<string, string>()
  if (tables.length === 0) return matched
  const pictures = new Map<string, string[]>()
  for (const path of picturePaths) {
    const known = pictures.get(fileOf(path))
    if (known) known.push(path)
    else pictures.set(fileOf(path), [path])
  }
  const found = tables.flatMap(({ path: table, pairs }) => {
    const folder = table.slice(0, table.lastIndexOf('/') + 1)
    return pairs.flatMap(({ mask, image }) => {
      const path = pictureOf(mask, folder, pictures.get(fileOf(mask)) ?? [])
      return path === null ? [] : [{ path, image, folder }]
    })
  })
  const masks = new Set(found.map(({ path }) => path))
  for (const { path, image, folder } of found) {
    const images = (pictures.get(fileOf(image)) ?? []).filter((each) => !masks.has(each))
    const owner = pictureOf(image, folder, images)
    if (owner !== null) matched.set(path, owner)
  }
  return matched
}

function pictureOf(written: string, folder: string, pictures: readonly string[]): string | null {
  const path = written.normalize('NFC').replaceAll('\\', '/')
  const isPath = (other: string) => (picture: string) => picture.normalize('NFC') === other
  const exact = pictures.find(isPath(folder.normalize('NFC') + path)) ?? pictures.find(isPath(path))
  if (exact !== undefined) return exact
  const close = pictures.filter(
    (picture) => endsWith(picture.normalize('NFC'), path) || endsWith(path, picture.normalize('NFC')),
  )
  return close.length === 1 ? close[0] : null
}

function endsWith(path: string, end: string): boolean {
  return path.endsWith(`/${end}`)
}

function fileOf(path: string): string {
  return path.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
}
