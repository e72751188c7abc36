/** Turns picked files into files to import: unpacks archives and takes frames of videos. */
import type { Answers, FileProblem, ImportQuestion, SourceFile } from '../domain/dataset'
import { AppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'
import type { DataApi } from '../rpc/contract'
import { distinctPaths, type Source } from './distinct-paths'
import { isVideo, videoFrames } from './video-frames'

export interface Unpacked {
  files: SourceFile[]
  /** Videos that cannot be played, and archives or videos inside archives. */
  problems: FileProblem[]
  /** About the encodings of names in archives. */
  questions: ImportQuestion[]
}

const isArchive = (path: string) => /\.zip$/i.test(path)

/**
 * The picked files, with each zip replaced by its files and each video by its frames.
 * @param frameInterval seconds from one frame to the next
 * @throws AppError `bad_file` for a damaged archive, and when nothing is left to import
 */
export async function unpack(
  picked: readonly SourceFile[],
  { data, frameInterval, answers }: { data: Pick<DataApi, 'unzip'>; frameInterval: number; answers: Answers },
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Unpacked> {
  // With several archives, the top folder may be all that tells their files apart.
  const keepsTop = picked.filter(({ path }) => isArchive(path)).length > 1
  const sources: Source[] = []
  const problems: FileProblem[] = []
  const questions: ImportQuestion[] = []
  for (const { path, file } of picked) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    const name = path.slice(folder.length)
    if (isVideo(file)) {
      const frames = await framesOf(path, file, problems, (video) =>
        videoFrames(video, frameInterval, onProgress, signal),
      )
      sources.push({ folder, name, files: frames.map((frame) => ({ path: frame.name, file: frame })) })
    } else if (isArchive(path)) {
      const encoding = answers[`archive-encoding:${file.name}`]
      const unzipped = await data.unzip({ archive: file, keepsTop, encoding }, onProgress, signal)
      const { files, problems: damaged, question } = unzipped
      if (question) questions.push(question)
      problems.push(...damaged, ...files.filter(isPackedAgain).map((inner) => packedAgain(inner, name)))
      const rest = files.filter((inner) => !isPackedAgain(inner))
      sources.push({ folder, name: name.replace(/\.zip$/i, ''), files: rest })
    } else sources.push({ folder, name: null, files: [{ path: name, file }] })
  }
  const files = distinctPaths(sources)
  const [first] = problems
  // Problems are errors only when there is nothing else to import.
  if (files.length === 0 && first) throw new AppError('bad_file', first.problem, first.remedy)
  return { files, problems, questions }
}

async function framesOf(
  path: string,
  video: File,
  problems: FileProblem[],
  take: (video: File) => Promise<File[]>,
): Promise<File[]> {
  try {
    return await take(video)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    problems.push({ path, problem: error.message, remedy: error.remedy })
    return []
  }
}

function isPackedAgain({ path, file }: SourceFile): boolean {
  return isArchive(path) || isVideo(file)
}

function packedAgain({ path, file }: SourceFile, archive: string): FileProblem {
  const [kind, remedy] = isVideo(file)
    ? ['video', 'Unpack it, then drop the video itself.']
    : ['archive', `Unpack "${archive}" first, then drop its folder.`]
  return { path, problem: `The ${kind} "${path}" lies in "${archive}"; it was left out.`, remedy }
}
