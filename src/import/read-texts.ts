/** Reads the texts of a folder: files of classes, lists of splits, tables of masks and images, annotations. */
import type { Answers, FileProblem, ImportQuestion } from '../domain/dataset'
import { FileFault } from '../domain/errors'
import type { Annotations } from './annotations/annotated'
import { mayBeAnnotations, readAnnotations } from './annotations/annotations'
import { type ClassFile, findClassFiles, parseClassFile } from './class-files/class-file'
import { type ImageTable, parseImageTable } from './class-files/image-table'
import { isSplitList, parseSplitList, type SplitList } from './class-files/split-lists'
import { decodeText, encodingQuestion } from './class-files/text'
import type { Folder } from './files/folder'

export interface FolderTexts {
  /** The nearest to the top and most telling first. */
  classFiles: ClassFile[]
  splitLists: SplitList[]
  annotations: Annotations[]
  /** Tables of masks and their images. */
  imageTables: ImageTable[]
  /** Paths of texts that are none of these. */
  others: string[]
  questions: ImportQuestion[]
  problems: FileProblem[]
}

/** @param paths of the folder's texts */
export async function readTexts(paths: readonly string[], folder: Folder, answers: Answers): Promise<FolderTexts> {
  const texts: FolderTexts = {
    classFiles: [],
    splitLists: [],
    annotations: [],
    imageTables: [],
    others: [],
    questions: [],
    problems: [],
  }
  const used = new Set<string>()
  for (const path of findClassFiles(paths)) {
    const text = await readText(path, folder, answers, texts)
    const file = text === null ? null : parseClassFile(path, text)
    if (!file || (file.entries.length === 0 && file.problems.length === 0)) continue
    used.add(path)
    // The lists beside `classes.json` are the same classes, as far as their tools can hold them.
    if (texts.classFiles.some((other) => other.isOwn && folderOf(other.path) === folderOf(path))) continue
    if (file.entries.length > 0) texts.classFiles.push(file)
    texts.problems.push(...file.problems)
  }
  const isTable = (path: string) => /\.[ct]sv$/i.test(path)
  for (const path of paths.filter((each) => !used.has(each) && (isSplitList(each) || isTable(each)))) {
    const text = await readText(path, folder, answers, texts)
    if (text === null) continue
    const pairs = isTable(path) ? parseImageTable(text) : []
    if (pairs.length > 0) texts.imageTables.push({ path, pairs })
    const list = isSplitList(path) ? parseSplitList(path, text) : null
    if (list && list.entries.length > 0) texts.splitLists.push(list)
    if (pairs.length > 0 || list?.entries.length) used.add(path)
  }
  for (const path of paths.filter((each) => !used.has(each) && mayBeAnnotations(each))) {
    const text = await readText(path, folder, answers, texts)
    const annotations = text === null ? null : readAnnotations(path, text)
    if (!annotations) continue
    used.add(path)
    texts.annotations.push(annotations)
    texts.problems.push(...annotations.problems)
  }
  texts.others = paths.filter((path) => !used.has(path))
  // Only what is used is asked about.
  texts.questions = texts.questions.filter(({ id }) => used.has(id.slice(id.indexOf(':') + 1)))
  return texts
}

/** null, and a problem, for a file that cannot be read. */
async function readText(path: string, folder: Folder, answers: Answers, texts: FolderTexts): Promise<string | null> {
  try {
    const decoded = decodeText(await folder.bytes(path), answers[`encoding:${path}`])
    const question = encodingQuestion(path, decoded)
    if (question && !texts.questions.some(({ id }) => id === question.id)) texts.questions.push(question)
    return decoded.text
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    texts.problems.push({ path, problem: `"${path}" ${error.message}; it was left out.`, remedy: error.remedy })
    return null
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
