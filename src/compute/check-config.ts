/** Refuses a config that cannot run on a project, naming the value and the remedy. */
import { isMethodName, METHODS } from '../cpral/methods'
import { poolSettings, usedPoolSettings } from '../cpral/pool-rules'
import { droppedRule, unknownChoice } from '../cpral/unknown-choice'
import type { CpralConfig } from '../domain/config'
import { ENCODERS, isEncoderName, NOISE_KINDS, NOISE_UNITS, RECIPES } from '../domain/config'
import { AppError } from '../domain/errors'
import type { ProjectRecord } from '../domain/project'
import { wrongSetting } from '../study/wrong-setting'
import type { TruthSurvey } from './survey-truth'

/**
 * @param truth what the oracle can label; null where a person labels, or before it has been surveyed
 * @throws AppError 'bad_config'
 */
export function checkConfig(config: CpralConfig, project: ProjectRecord, truth: TruthSurvey | null): void {
  checkClasses(project)
  checkRecipe(config)
  checkSize(config)
  if (truth) checkTruth(config, project, truth)
  checkImages(config, project, project.counts.train - (truth?.voidImages.length ?? 0))
  checkTraining(config)
  checkNetwork(config)
  checkNoise(config)
  checkAdversary(config)
  checkPool(config)
  checkRules(config)
}

function checkRecipe({ recipe }: CpralConfig): void {
  if (recipe !== undefined && !RECIPES.includes(recipe))
    refuse(`There is no recipe "${String(recipe)}".`, `Choose one of ${RECIPES.join(', ')}.`)
}

function refuse(problem: string, remedy: string): never {
  throw new AppError('bad_config', problem, remedy)
}

function checkClasses({ name, classes }: ProjectRecord): void {
  if (classes.length >= 2) return
  const [only] = classes
  if (!only) refuse(`The project "${name}" has no classes to learn.`, 'Add two classes or more at the label table.')
  refuseOne(`The project "${name}" has one class, "${only.name}"`)
}

function refuseOne(fact: string): never {
  refuse(
    `${fact}. A network that always says so is right everywhere: mIoU would be 1 before it has learned anything.`,
    'Give what is left a class of its own, such as "background", or import masks of two classes or more.',
  )
}

/** Counts pixels, not files: a mask that is void all over teaches nothing. */
function checkTruth({ size }: CpralConfig, { name, classes, counts }: ProjectRecord, truth: TruthSurvey): void {
  const { voidImages, lostAtInputSize } = truth
  const inputSize = `${size.height}x${size.width}`
  if (voidImages.length === counts.train) {
    const isLost = lostAtInputSize > 0
    refuse(
      `No pixel of the training masks of the project "${name}" has a class at the input size ${inputSize}. ${
        isLost
          ? `Of its ${counts.train} train images ${lostAtInputSize} have some at their own size, too few to be left when they are made smaller.`
          : 'All of them are void.'
      }`,
      isLost
        ? 'Choose a larger input size.'
        : 'Import the masks with the list of classes that they were made with, or label the images yourself.',
    )
  }
  const [only] = truth.classes
  if (truth.classes.size === 1)
    refuseOne(
      `All pixels of the training masks that have a class at the input size ${inputSize} are "${classes[only].name}"`,
    )
}

/** @param train images that can be labelled */
function checkImages(config: CpralConfig, project: ProjectRecord, train: number): void {
  const { selection } = config
  const { method, initialImages, panopticSize, budgetImages, rounds } = selection
  if (!isMethodName(method))
    refuse(`There is no method "${method}".`, `Choose one of ${Object.keys(METHODS).join(', ')}.`)
  const countOf = (images: number) => {
    const isAll = train === project.counts.train
    return `${images} train image${images === 1 ? '' : 's'}${isAll ? '' : ' whose masks have a class'}`
  }
  const isByPerson = config.annotator === 'person'
  if (!isByPerson && !project.hasGroundTruth) {
    refuse(
      `The project "${project.name}" has train images without label PNGs, so the oracle cannot annotate.`,
      'Let a person label the regions, or import a folder in which every train image has a label PNG.',
    )
  }
  if (!isCount(rounds)) refuse(`${rounds} is no number of rounds.`, 'Choose 1 or more.')
  if (!isCount(initialImages) || initialImages > train) {
    refuse(
      `The initial pool of ${initialImages} images does not fit the project's ${countOf(train)}.`,
      `Choose 1 to ${train}.`,
    )
  }
  const unlabelled = train - initialImages
  if (rounds === 1) return
  if (train === 1) {
    refuse(
      `The project has ${countOf(train)}, which is the initial pool: nothing is left to query in ${rounds} rounds.`,
      'Choose one round, which trains on that image alone, or import more images.',
    )
  }
  if (unlabelled === 0) {
    refuse(
      `All ${countOf(train)} are in the initial pool: nothing is left to query in ${rounds} rounds.`,
      'Choose a smaller initial pool, or one round.',
    )
  }
  if (
    METHODS[method].imageScore !== null &&
    METHODS[method].usesRegions &&
    (!isCount(panopticSize) || panopticSize > unlabelled)
  ) {
    refuse(
      `The panoptic size of ${panopticSize} images is above the pool: ${unlabelled} of ${countOf(train)} are unlabelled at the start.`,
      `Choose 1 to ${unlabelled}.`,
    )
  }
  if (!(budgetImages > 0) || budgetImages > unlabelled) {
    refuse(
      `The budget of ${budgetImages} image areas a round does not fit the ${unlabelled} unlabelled images.`,
      `Choose more than 0, at most ${unlabelled}.`,
    )
  }
  if (!METHODS[method].usesRegions && !Number.isInteger(budgetImages)) {
    refuse(
      `The method "${method}" labels whole images, and the budget is ${budgetImages}.`,
      'Choose a whole number of images.',
    )
  }
}

function checkSize({ size, selection }: CpralConfig): void {
  const { height, width } = size
  if (!isCount(height) || !isCount(width) || Math.min(height, width) < 32) {
    refuse(`The input size ${height}x${width} is too small.`, 'Choose at least 32 pixels for height and width.')
  }
  if (!isCount(selection.regionSide) || selection.regionSide > Math.min(height, width)) {
    refuse(
      `Regions of ${selection.regionSide} pixels do not fit images of ${height}x${width}.`,
      `Choose 1 to ${Math.min(height, width)}.`,
    )
  }
}

function checkTraining({ training, monteCarlo, seed }: CpralConfig): void {
  const { epochs, batchSize, learningRate, steps } = training
  if (steps !== undefined && steps !== null && !isCount(steps))
    refuse(`${steps} is no number of training steps.`, 'Choose 1 or more, or none to train for the epochs.')
  if (!isCount(epochs)) refuse(`${epochs} is no number of epochs.`, 'Choose 1 or more.')
  if (!isCount(batchSize) || batchSize % 2 !== 0) {
    refuse(
      `The batch size ${batchSize} is not even, and the rating loss compares images in pairs.`,
      'Choose 2, 4 or another even number.',
    )
  }
  if (!(learningRate > 0 && learningRate < 10))
    refuse(`The learning rate ${learningRate} is out of range.`, 'Choose something like 0.001.')
  if (!isCount(monteCarlo.passes))
    refuse(`${monteCarlo.passes} is no number of passes.`, 'Choose 1 or more; the paper takes 20.')
  if (!Number.isInteger(seed)) refuse(`The seed ${seed} is no whole number.`, 'Choose a whole number.')
}

function checkNetwork({ network }: CpralConfig): void {
  const { encoder, width, channels } = network
  if (!isEncoderName(encoder)) {
    refuse(`There is no encoder "${String(encoder)}".`, `Choose one of ${ENCODERS.join(', ')}.`)
  }
  if (!(width > 0 && width <= 1)) refuse(`The encoder width ${width} is out of range.`, 'Choose 1, 0.5 or 0.25.')
  if (!isCount(channels)) refuse(`${channels} is no number of channels.`, 'Choose 256 as the paper, or 64.')
}

function checkNoise({ noise, annotator }: CpralConfig): void {
  if (!noise) return
  const { kind, share, unit } = noise
  if (annotator === 'person') {
    refuse('Label noise makes labels of the oracle wrong, and a person labels.', 'Leave it out, or choose the oracle.')
  }
  if (!NOISE_KINDS.includes(kind)) {
    refuse(`There is no kind of label noise "${kind}".`, `Choose one of ${NOISE_KINDS.join(', ')}.`)
  }
  if (!NOISE_UNITS.includes(unit)) {
    refuse(`Label noise has no unit "${unit}".`, `Choose one of ${NOISE_UNITS.join(', ')}.`)
  }
  if (!(share >= 0 && share <= 1)) {
    refuse(`The share of wrong labels is ${share}.`, 'Choose 0 to 1; the paper takes 0.2, 0.4 and 0.6.')
  }
  if (kind === 'missing' && share === 1) {
    refuse('All labels would be missing: nothing is left to learn from.', 'Choose a share below 1.')
  }
}

/** The settings that a run of before has not: rules of training, mostly. */
function checkRules(config: CpralConfig): void {
  const wrong = wrongSetting(config)
  if (wrong) refuse(`The setting ${wrong.fact}.`, `Choose ${wrong.expects}.`)
}

/** @throws AppError 'bad_config' when another version made the run from what this one does not know */
export function checkChoices(config: CpralConfig): void {
  const unknown = unknownChoice(config)
  if (unknown) {
    refuse(
      `The run is made by ${unknown}, which this version of the studio does not know.`,
      'Reload the page for the newest version, or duplicate the run and choose another.',
    )
  }
  const dropped = droppedRule(config.training)
  if (dropped) {
    refuse(
      `The run is trained by ${dropped}, which this version of the studio no longer has.`,
      'Its results and labels stay; duplicate it to go on without the setting.',
    )
  }
}

/** Of VAAL and TA-VAAL; other methods have no use for these settings. */
function checkAdversary({ adversary, selection }: CpralConfig): void {
  const score = METHODS[selection.method].imageScore
  if (score !== 'vaal' && score !== 'ta-vaal') return
  if (!adversary) refuse(`The settings of ${selection.method} are missing.`, 'Start a new run with this method.')
  const { imageSide, latent, width, beta, learningRate, clipNorm, autoencoderSteps, steps } = adversary
  if (!isCount(imageSide) || imageSide % 16 !== 0)
    refuse(
      `The autoencoder cannot halve a side of ${imageSide} pixels four times.`,
      'Choose 64, or another multiple of 16.',
    )
  if (!isCount(latent)) refuse(`A code cannot have ${latent} numbers.`, 'Choose 1 or more; VAAL takes 32.')
  if (!(width > 0 && width <= 1)) refuse(`The autoencoder's width ${width} is out of range.`, 'Choose 1, 0.5 or 0.25.')
  if (!(beta >= 0)) refuse(`The divergence cannot weigh ${beta}.`, 'Choose 0 or more; VAAL takes 1.')
  if (!(learningRate > 0 && learningRate < 1))
    refuse(`The adversary's learning rate ${learningRate} is out of range.`, 'Choose something like 0.0005.')
  if (!(clipNorm > 0)) refuse(`Gradients cannot be clipped at ${clipNorm}.`, 'Choose something like 5.')
  if (!isCount(autoencoderSteps))
    refuse(`${autoencoderSteps} is no number of the autoencoder's steps.`, 'Choose 1 or more; VAAL takes 2.')
  if (steps !== null && !isCount(steps))
    refuse(
      `${steps} is no number of the discriminator's steps.`,
      'Choose 1 or more, or none to take as many as the network.',
    )
}

/** Of methods that look at the whole pool class by class; others have no use for these settings. */
function checkPool({ selection }: CpralConfig): void {
  const used = usedPoolSettings(METHODS[selection.method])
  const { balance, regionsPerImage, ratingPrior, temperature, classQuota } = poolSettings(selection)
  if (used.includes('balance') && !(balance >= 0))
    refuse(`The balance of classes is ${balance}.`, 'Choose 0, for none, or more; 6 is usual.')
  if (used.includes('regionsPerImage') && !isCount(regionsPerImage))
    refuse(`A round cannot take ${regionsPerImage} regions of an image.`, 'Choose 1 or more; 4 is usual.')
  if (used.includes('temperature') && !(temperature >= 0))
    refuse(`Regions cannot be chosen at the temperature ${temperature}.`, 'Choose 0, for the best ones, or more.')
  if (used.includes('ratingPrior') && !(ratingPrior >= 0))
    refuse(`The rating cannot weigh ${ratingPrior}.`, 'Choose 0, for not at all, or more; 0.25 is usual.')
  if (used.includes('classQuota') && !(classQuota >= 0 && classQuota <= 1))
    refuse(`The share of regions divided among the classes is ${classQuota}.`, 'Choose 0 to 1; 0.66 is usual.')
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0
}
