/** Recognises files of annotations, in JSON and XML, and reads those that are known here. */
import type { Annotations } from './annotated'
import { isCoco, readCoco } from './coco'
import { isCvat, readCvat } from './cvat-xml'
import { isLabelme, readLabelme } from './labelme'
import { unreadJson, unreadXml, unreadYolo } from './unread'

/** Whether a file's name lets expect annotations. */
export function mayBeAnnotations(path: string): boolean {
  return /\.(json|xml|txt)$/i.test(path)
}

/** null when a text is no file of annotations that is known here. Without images when it is known and not read. */
export function readAnnotations(path: string, text: string): Annotations | null {
  if (/\.txt$/i.test(path)) return unreadYolo(path, text)
  if (/^\s*</.test(text)) return isCvat(text) ? readCvat(path, text) : unreadXml(path, text)
  if (!/^\s*[[{]/.test(text)) return null
  const document = parseJson(text)
  if (isCoco(document)) return readCoco(path, document)
  if (isLabelme(document)) return readLabelme(path, document)
  return unreadJson(path, document)
}

/** undefined for text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
