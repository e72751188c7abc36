/** Refuses a config that cannot run on a project, naming the value and the remedy. */
import { isMethodName, METHODS } from '../cpral/methods'
import type { CpralConfig } from '../domain/config'
import { ENCODERS, isEncoderName } from '../domain/config'
import { AppError } from '../domain/errors'
import type { ProjectRecord } from '../domain/project'

/** @throws AppError 'bad_config' */
export function checkConfig(config: CpralConfig, project: ProjectRecord): void {
  checkImages(config, project)
  checkSize(config)
  checkTraining(config)
  checkNetwork(config)
}

function refuse(problem: string, remedy: string): never {
  throw new AppError('bad_config', problem, remedy)
}

function checkImages(config: CpralConfig, project: ProjectRecord): void {
  const { selection } = config
  const { train, val } = project.counts
  const { method, initialImages, panopticSize, budgetImages, rounds } = selection
  if (!isMethodName(method))
    refuse(`There is no method "${method}".`, `Choose one of ${Object.keys(METHODS).join(', ')}.`)
  const isByPerson = config.annotator === 'person'
  if (!isByPerson && !project.hasGroundTruth) {
    refuse(
      `The project "${project.name}" has train images without label PNGs, so the oracle cannot annotate.`,
      'Let a person label the regions, or import a folder in which every train image has a label PNG.',
    )
  }
  if (!isByPerson && val === 0)
    refuse(
      `The project "${project.name}" has no validation images to measure mIoU on.`,
      'Import a folder with a val split.',
    )
  if (!isCount(rounds)) refuse(`${rounds} is no number of rounds.`, 'Choose 1 or more.')
  if (!isCount(initialImages) || initialImages > train) {
    refuse(
      `The initial pool of ${initialImages} images does not fit the project's ${train} train images.`,
      `Choose 1 to ${train}.`,
    )
  }
  const unlabelled = train - initialImages
  if (rounds === 1) return
  if (unlabelled === 0) {
    refuse(
      `All ${train} train images are in the initial pool: nothing is left to query in ${rounds} rounds.`,
      'Choose a smaller initial pool, or one round.',
    )
  }
  if (
    METHODS[method].imageScore !== null &&
    METHODS[method].usesRegions &&
    (!isCount(panopticSize) || panopticSize > unlabelled)
  ) {
    refuse(
      `The panoptic size of ${panopticSize} images is above the pool: ${unlabelled} of ${train} train images are unlabelled at the start.`,
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
  const { epochs, batchSize, learningRate } = training
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

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0
}
