/** From a study's file to its lines: one run each, with the whole config that it needs. */
import { METHODS } from '../cpral/methods'
import { POOL_SETTINGS, usedPoolSettings } from '../cpral/pool-rules'
import { type ConfigOverrides, type DatasetFacts, defaultConfig } from '../cpral/presets'
import type { CpralConfig, MethodName, NoiseConfig } from '../domain/config'
import { fingerprint } from './fingerprint'
import { firstRoundKey } from './first-round'
import type { PartRequest, Recipe, StudyFile } from './study-file'
import type { StudyData, StudyLine, StudyPart } from './study-line'

/** Figures that show how good networks are: they are held against one that was trained on all labels. */
const MEASURED: readonly StudyPart['figure'][] = ['curves', 'regions', 'noise', 'ablation', 'pictures']

/** What the images say about a config, in place of the project that they will be. */
export function factsOfData(data: StudyData): DatasetFacts {
  if ('demo' in data) {
    // Scenes have a protocol of their own, which says their size.
    const imageSize = { height: 128, width: 256 }
    return { format: 'generic', source: 'demo', trainImages: data.demo.images, imageSize }
  }
  const { format, images, imageSize = { height: 0, width: 0 } } = data
  return { format, source: 'folder', trainImages: images.train, imageSize }
}

/** One way in which a part departs from its recipe; null as in the recipe. */
interface Variation {
  noise: NoiseConfig | null
  regionSide: number | null
  budgetImages: number | null
  panopticSize: number | null
}

const USUAL: Variation = { noise: null, regionSide: null, budgetImages: null, panopticSize: null }

/** A run that somebody asked for, before equal ones are put together. */
interface Request {
  part: string
  recipe: string
  method: MethodName
  variation: Variation
  seed: number
  isAllLabels: boolean
}

/**
 * The lines of a study. Parts stand in their order; within a part come recipes, variations, methods and, innermost, the
 * seeds, so that the first rounds which later lines begin with are trained first. A config that several parts ask for is
 * one line. Every recipe and seed whose mIoU is drawn also has a line that is trained on all labels.
 *
 * `config.weights` is null in a line: the key of a stored file is known to whoever stores it.
 */
export async function expandStudy(study: StudyFile): Promise<StudyLine[]> {
  const facts = factsOfData(study.data)
  const lines = new Map<string, StudyLine>()
  for (const request of study.parts.flatMap(requestsOf)) {
    const line = await lineOf(study, facts, request)
    const known = lines.get(line.hash)
    if (!known) lines.set(line.hash, { ...line, index: lines.size })
    else if (!known.parts.includes(request.part)) known.parts.push(request.part)
  }
  return [...lines.values()]
}

function requestsOf(part: PartRequest): Request[] {
  const each = (recipe: string, method: MethodName, variation: Variation, isAllLabels: boolean): Request[] =>
    part.seeds.map((seed) => ({ part: part.name, recipe, method, variation, seed, isAllLabels }))
  const asked = part.recipes.flatMap((recipe) =>
    variationsOf(part).flatMap((variation) =>
      part.methods.flatMap((method) => each(recipe, method, fitting(variation, method), false)),
    ),
  )
  if (!MEASURED.includes(part.figure)) return asked
  return [...asked, ...part.recipes.flatMap((recipe) => each(recipe, 'random', USUAL, true))]
}

function variationsOf({ noise, regionSides, budgets, panopticSizes }: PartRequest): Variation[] {
  return noise.flatMap((noise) =>
    regionSides.flatMap((regionSide) =>
      budgets.flatMap((budgetImages) =>
        panopticSizes.map((panopticSize) => ({ noise, regionSide, budgetImages, panopticSize })),
      ),
    ),
  )
}

/** Without what a method does not look at, which would make a second line of one result. */
function fitting(variation: Variation, method: MethodName): Variation {
  const { usesRegions, imageScore } = METHODS[method]
  return {
    ...variation,
    regionSide: usesRegions ? variation.regionSide : null,
    panopticSize: usesRegions && imageScore !== null ? variation.panopticSize : null,
  }
}

async function lineOf(study: StudyFile, facts: DatasetFacts, request: Request): Promise<StudyLine> {
  const { recipe: name, seed, isAllLabels } = request
  const recipe = study.recipes[name]
  const { data } = study
  const { weights } = recipe
  const config = configOf(facts, recipe, request)
  const curve = curveOf(request, config, configOf(facts, recipe, { ...request, variation: USUAL }), study)
  return {
    index: 0,
    hash: await fingerprint({ data, config, weights }),
    label: `${curve}, seed ${seed}`,
    curve,
    parts: [request.part],
    isAllLabels,
    recipe: name,
    data,
    weights,
    config,
    firstRound: await firstRoundKey({ config, data, weights }),
  }
}

function configOf(facts: DatasetFacts, { preset, overrides }: Recipe, request: Request): CpralConfig {
  const { method, variation, seed, isAllLabels } = request
  const { noise, ...selection } = variation
  const varied = Object.fromEntries(Object.entries(selection).filter(([, value]) => value !== null))
  const all = isAllLabels ? { initialImages: facts.trainImages, rounds: 1 } : {}
  const whole: ConfigOverrides = {
    ...overrides,
    ...(isAllLabels && { training: trainedAtOnce(facts, { preset, overrides }) }),
    // Whole images have nowhere to spread.
    ...(!METHODS[method].usesRegions && { extension: {} }),
    seed,
    noise,
    selection: { ...withoutUnused(overrides.selection, method), ...varied, method, ...all },
  }
  return defaultConfig(facts, preset, whole)
}

/** All labels get in one round the steps that the other runs take, warm starts included, in all of theirs. */
function trainedAtOnce(facts: DatasetFacts, { preset, overrides }: Pick<Recipe, 'preset' | 'overrides'>) {
  const { training, selection } = defaultConfig(facts, preset, overrides)
  const { steps, warmStart, warmSteps } = training
  if (!steps || !warmStart) return overrides.training ?? {}
  return { ...overrides.training, steps: steps + (selection.rounds - 1) * (warmSteps ?? steps) }
}

/** Without settings of other methods: see `usedPoolSettings`. */
function withoutUnused(selection: ConfigOverrides['selection'], name: MethodName): ConfigOverrides['selection'] {
  const method = METHODS[name]
  const used = usedPoolSettings(method)
  const kept = { ...selection }
  for (const setting of POOL_SETTINGS) if (!used.includes(setting)) delete kept[setting]
  if (!method.usesRegions || method.attention !== 'gaussian') delete kept.attentionSigma
  return kept
}

/** Method, recipe where there are several, and what differs from the recipe. */
function curveOf({ method, recipe, isAllLabels }: Request, config: CpralConfig, usual: CpralConfig, study: StudyFile) {
  const { regionSide, budgetImages, panopticSize } = config.selection
  const { noise } = config
  const words = [
    isAllLabels ? 'all labels' : method,
    Object.keys(study.recipes).length > 1 && recipe,
    noise && `${noise.kind} noise ${percent(noise.share)} by ${noise.unit}`,
    regionSide !== usual.selection.regionSide && `regions of ${regionSide}`,
    budgetImages !== usual.selection.budgetImages && `budget ${budgetImages}`,
    panopticSize !== usual.selection.panopticSize && `subset ${panopticSize}`,
  ]
  return words.filter((word) => typeof word === 'string').join(', ')
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`
}
