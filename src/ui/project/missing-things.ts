import type { Missing, MissingRun } from '../../domain/project'
import { date, listed } from '../format'
import { methodName } from '../words'

/** Lists what a project file lacks, as a part of a sentence: "the image a with its labels; some labels of b and c". */
export function missingThings({ images, pictures, groundTruth, labels, runs, runParts }: Missing): string {
  const isOne = images.length === 1
  const named = [
    images.length > 0 && `the ${isOne ? 'image' : 'images'} ${listed(images)} with ${isOne ? 'its' : 'their'} labels`,
    pictures.length > 0 &&
      `the ${pictures.length === 1 ? 'picture' : 'pictures'} of ${listed(pictures)}, whose labels are there`,
    groundTruth.length > 0 && `the ground truth of ${listed(groundTruth)}`,
    labels.length > 0 && `some labels of ${listed(labels)}`,
    ...runs.map(runName),
    ...runParts.map((run) => `parts of ${runName(run)}`),
  ]
  return named.filter(Boolean).join('; ')
}

function runName(run: MissingRun): string {
  return run ? `the run ${methodName(run.method)} of ${date(run.createdAt)}` : 'a run whose name is lost too'
}
