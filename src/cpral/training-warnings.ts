/** What of a project's masks will disappoint in a run, said before it starts. */
import { classedPixels, type TruthPixels } from '../domain/class-pixels'
import type { CpralConfig } from '../domain/config'
import type { Split } from '../domain/dataset'
import type { ProjectRecord } from '../domain/project'
import { METHODS } from './methods'

/** Share of void pixels from which on it is said, 0..1. */
const MUCH_VOID = 0.5
/** Names of classes in one sentence. */
const MOST_NAMES = 5

/** Number of images of a split whose ground truth has no pixel of a class. */
export function voidImages(truth: readonly TruthPixels[], split: Split): number {
  return truth.filter((image) => image.split === split && classedPixels(image.pixels) === 0).length
}

/** Sentences, each with what to do about it. The run can be started all the same. */
export function trainingWarnings(
  config: CpralConfig,
  project: Pick<ProjectRecord, 'classes' | 'counts'>,
  truth: readonly TruthPixels[],
): string[] {
  const warnings = [validationWarning(project, truth)]
  if (config.annotator !== 'person') {
    warnings.push(...voidWarnings(project, truth), ...classWarnings(project, truth))
  }
  if (config.annotator !== 'person' && voidImages(truth, 'train') < project.counts.train) {
    const { method, initialImages } = config.selection
    if (initialImages === 1 && METHODS[method].imageScore === 'rating') {
      warnings.push(
        'This method learns to rate images by comparing two that are labelled: with one initial image its first choice is left to chance. Choose two initial images or more.',
      )
    }
  }
  return warnings.filter((warning) => warning !== null)
}

function validationWarning({ counts }: Pick<ProjectRecord, 'counts'>, truth: readonly TruthPixels[]): string | null {
  const noMeasure = 'so no mIoU is measured and there is no curve.'
  if (counts.val === 0)
    return `The project has no validation images, ${noMeasure} Import a folder with a val split to measure it.`
  const masks = truth.filter(({ split }) => split === 'val').length
  if (masks === 0) return `No validation image has a mask, ${noMeasure} Import masks for the val split to measure it.`
  const empty = voidImages(truth, 'val')
  if (empty === masks)
    return `No pixel of the validation masks has a class, ${noMeasure} Import validation masks that are not void all over to measure it.`
  if (empty === 0) return null
  return `${empty} of ${masks} validation masks ${empty === 1 ? 'has' : 'have'} no pixel with a class: mIoU is measured on the others.`
}

function voidWarnings({ counts }: Pick<ProjectRecord, 'counts'>, truth: readonly TruthPixels[]): (string | null)[] {
  const empty = voidImages(truth, 'train')
  if (empty === counts.train)
    return [
      'No pixel of the training masks has a class, so the oracle has nothing to label. Import the masks with the list of classes that they were made with, or label the images yourself.',
    ]
  const left = truth.filter(({ split, pixels }) => split === 'train' && classedPixels(pixels) > 0)
  const pixels = sum(left.map((image) => sum(image.pixels)))
  const share = 1 - sum(left.map((image) => classedPixels(image.pixels))) / pixels
  return [
    empty > 0
      ? `${empty} of ${counts.train} training masks ${empty === 1 ? 'has' : 'have'} no pixel with a class. These images count as not labelled: the oracle leaves them out.`
      : null,
    share > MUCH_VOID
      ? `${Math.floor(100 * share)} % of the pixels of the training masks are void. The budget pays for them too, and the network learns nothing from them.`
      : null,
  ]
}

function classWarnings({ classes }: Pick<ProjectRecord, 'classes'>, truth: readonly TruthPixels[]): (string | null)[] {
  const occurs = (split: Split, id: number) => truth.some((image) => image.split === split && image.pixels[id] > 0)
  const ids = classes.map((_, id) => id)
  if (!ids.some((id) => occurs('train', id))) return []
  const missing = ids.filter((id) => !occurs('train', id))
  const namesOf = (isMeasured: boolean) =>
    missing.filter((id) => occurs('val', id) === isMeasured).map((id) => classes[id].name)
  const [measured, unseen] = [namesOf(true), namesOf(false)]
  return [
    measured.length > 0
      ? `Only validation masks hold ${nameList(measured, 'and')}. The network is measured on what it cannot learn, which lowers mIoU: give the train split such images.`
      : null,
    unseen.length > 0 ? `No mask holds ${nameList(unseen, 'or')}. The network cannot learn what it never sees.` : null,
  ]
}

/** The first names, quoted, and how many more there are. */
function nameList(names: readonly string[], joint: 'and' | 'or'): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `"${name}"`)
  const more = names.length - shown.length
  if (more > 0) shown.push(`${more} more`)
  if (shown.length === 1) return shown[0]
  return `${shown.slice(0, -1).join(', ')} ${joint} ${shown[shown.length - 1]}`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
