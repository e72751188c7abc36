import { budgetWarning } from '../cpral/budget'
import { memoryWarning } from '../cpral/memory'
import { methodName } from '../cpral/method-names'
import { defaultMethod, isMethodName, spreadsLabels } from '../cpral/methods'
import { type ConfigOverrides, type DatasetFacts, defaultConfig, factsOf } from '../cpral/presets'
import { RECIPE_RULES } from '../cpral/recipes'
import { trainingWarnings, voidImages } from '../cpral/training-warnings'
import { droppedRule, unknownChoice, withoutDroppedRules } from '../cpral/unknown-choice'
import type { TruthPixels } from '../domain/class-pixels'
import type {
  Annotator,
  CpralConfig,
  EncoderName,
  ExtensionConfig,
  MethodName,
  PresetName,
  RecipeName,
  TrainingConfig,
} from '../domain/config'
import { RECIPES } from '../domain/config'
import type { ImageSummary, ProjectRecord } from '../domain/project'
import type { FirstRound, RunRecord } from '../domain/run'
import type { Size } from '../domain/size'
import type { WeightsSummary } from '../domain/weights'
import type { ComputeApi, DataApi } from '../rpc/contract'
import { firstRoundKey } from '../study/first-round'
import { type SettingDifference, settingDifferences } from './comparison'
import type { Engine } from './engine.svelte'
import { Task } from './task.svelte'

const FALLBACK_SIZE: Size = { height: 256, width: 256 }

/** The recipe of a new run; a duplicate has the original's. */
const USUAL_RECIPE: RecipeName = 'studio'

/** The settings of training that depend on the recipe. */
const RULED = Object.values(RECIPE_RULES).flatMap((rules) => Object.keys(rules)) as (keyof TrainingConfig)[]

/**
 * The form of a new run: the preset's defaults for this project, or the settings of another run, and the person's
 * changes on top.
 */
export class NewRun {
  readonly creating = new Task<RunRecord>()
  readonly addingWeights = new Task<void>()
  readonly counting = new Task<TruthPixels[]>()
  preset = $state<PresetName>('tiny')
  overrides = $state.raw<ConfigOverrides>({})
  weights = $state.raw<WeightsSummary[]>([])
  /** Given to the run when it is not blank. */
  name = $state('')
  /** The run that is duplicated; null for a new one. */
  readonly original: RunRecord | null
  /** The run begins with the original's trained first round, which the changes leave as it was. */
  sharesFirstRound = $state(false)
  #firstRound: FirstRound | null = null
  readonly #data: DataApi
  readonly #compute: ComputeApi
  readonly #engine: Pick<Engine, 'report'>
  readonly #project: ProjectRecord
  readonly #imageSize: Size

  /** Pixels of each class in the ground truth; null until they have been counted. */
  #truth = $state.raw<TruthPixels[] | null>(null)

  /** Train images that the oracle can label: those whose masks have a pixel of a class. */
  trainable = $derived.by(() => {
    const { train } = this.#project.counts
    return this.overrides.annotator === 'person' ? train : train - voidImages(this.#truth ?? [], 'train')
  })

  #facts: DatasetFacts = $derived.by(() => {
    const counts = { ...this.#project.counts, train: this.trainable || this.#project.counts.train }
    return factsOf({ ...this.#project, counts }, this.#imageSize, this.#engine.report?.engine)
  })

  config: CpralConfig = $derived.by(() => {
    const config = defaultConfig(this.#facts, this.preset, this.overrides)
    return this.original && this.#isOfOriginalsRules ? this.#withoutNewRules(config, this.original.config) : config
  })

  /** The network sees images smaller than it would with a graphics card. */
  keepsSmall: boolean = $derived.by(() => {
    if (this.overrides.size) return false
    const { engine: _, ...facts } = this.#facts
    return defaultConfig(facts, this.preset, this.overrides).size.width > this.config.size.width
  })

  recipe: RecipeName = $derived(this.overrides.recipe ?? 'paper')

  /** The method that is recommended for who labels, and for the recipe. */
  recommended: MethodName = $derived(defaultMethod(this.overrides.annotator ?? 'oracle', this.recipe))

  /**
   * The name of a run that the person gives none. A run on all labels has chosen nothing: its method says nothing of it.
   */
  usualName: string = $derived(
    this.trainable > 0 && this.config.selection.initialImages >= this.trainable
      ? 'All labels'
      : methodName(this.config.selection.method),
  )

  /** What the person has changed; empty unless a run is duplicated. */
  differences: SettingDifference[] = $derived.by(() =>
    this.original ? settingDifferences([this.original.config, this.config]) : [],
  )

  /** What the run can be expected to lack; it can be started all the same. Empty until masks have been counted. */
  warnings: string[] = $derived.by(() => {
    if (!this.#truth) return []
    const budget = budgetWarning(this.config, this.trainable)
    return [...trainingWarnings(this.config, this.#project, this.#truth), ...(budget ? [budget] : [])]
  })

  /** A warning when training is likely not to fit into memory; the run can be started all the same. */
  memoryWarning: string | null = $derived.by(() => memoryWarning(this.config, this.#project.classes.length))

  constructor(
    data: DataApi,
    compute: ComputeApi,
    engine: Pick<Engine, 'report'>,
    project: ProjectRecord,
    images: readonly ImageSummary[],
    original: RunRecord | null = null,
  ) {
    this.original = original
    this.#data = data
    this.#compute = compute
    this.#engine = engine
    this.#project = project
    this.#imageSize = images[0]?.size ?? FALLBACK_SIZE
    this.reset()
  }

  /** Adds to the person's changes; nested parts are merged. Another mode of label extension begins with its defaults. */
  change(changes: ConfigOverrides) {
    const { selection, training, monteCarlo, extension, network, adversary, ...rest } = changes
    const isOtherMode = extension?.mode !== undefined && extension.mode !== this.config.extension.mode
    this.overrides = {
      ...this.overrides,
      ...rest,
      selection: { ...this.overrides.selection, ...selection },
      training: { ...this.overrides.training, ...training },
      monteCarlo: { ...this.overrides.monteCarlo, ...monteCarlo },
      extension: { ...(isOtherMode ? {} : this.overrides.extension), ...extension },
      network: { ...this.overrides.network, ...network },
      adversary: { ...this.overrides.adversary, ...adversary },
    }
  }

  setAnnotator(annotator: Annotator) {
    // Wrong labels are the oracle's.
    this.change({ annotator, ...(annotator === 'person' && { noise: null }) })
  }

  /** Labels spread then as that method has it. */
  setMethod(method: MethodName) {
    this.change({ selection: { method } })
    this.#forgetSpreading()
  }

  setExtension(mode: ExtensionConfig['mode'] | 'none') {
    if (mode !== 'none') this.change({ extension: { mode } })
    this.#forgetSpreading()
    const spreads = mode !== 'none'
    if (spreadsLabels(this.config) !== spreads) this.change({ extension: { spreads } })
  }

  #forgetSpreading() {
    const { spreads: _, ...extension } = this.overrides.extension ?? {}
    this.overrides = { ...this.overrides, extension }
  }

  /** Back to the settings of the original, or to the preset's defaults; without ground truth, a person labels. */
  reset() {
    const { original } = this
    if (original) {
      const { preset, ...settings } = original.config
      this.preset = preset
      this.overrides = withKnownChoices(settings)
      return
    }
    this.preset = this.#project.source === 'demo' ? 'tiny' : 'light'
    this.overrides = { recipe: USUAL_RECIPE, ...(!this.#project.hasGroundTruth && { annotator: 'person' }) }
  }

  /** Another recipe brings its own rules of training; the original's recipe brings the original's back. */
  useRecipe(recipe: RecipeName) {
    const { training = {}, recipe: _, ...others } = this.overrides
    const kept = Object.entries(training).filter(([name]) => !RULED.some((ruled) => ruled === name))
    this.overrides = { ...others, ...(recipe !== 'paper' && { recipe }), training: Object.fromEntries(kept) }
    if (!this.original || !this.#isOfOriginalsRules) return
    this.overrides = { ...this.overrides, training: { ...this.original.config.training, ...this.overrides.training } }
  }

  /** Another preset brings its own network and training, whatever the original had. */
  usePreset(preset: PresetName) {
    this.preset = preset
    if (!this.original) return
    const { network: _, training: __, weights: ___, ...kept } = this.overrides
    const { network, training, weights } = this.original.config
    if (preset !== this.original.config.preset) this.overrides = kept
    else this.overrides = { ...kept, network, weights, ...(this.#isOfOriginalsRules && { training }) }
  }

  /** Whether the run is trained by the original's recipe with the original's preset. */
  get #isOfOriginalsRules(): boolean {
    const original = this.original?.config
    return original?.preset === this.preset && (original.recipe ?? 'paper') === this.recipe
  }

  /** The recipe may have rules that it had not when the original was made: a duplicate is trained without them. */
  #withoutNewRules(config: CpralConfig, original: CpralConfig): CpralConfig {
    const { spreads: _, ...extension } = config.extension
    return {
      ...config,
      training: { ...original.training, ...this.overrides.training },
      extension: this.overrides.extension?.spreads === undefined ? extension : config.extension,
    }
  }

  /** Counts the pixels of each class in the masks, which the warnings need. */
  async countTruth() {
    const { id: projectId } = this.#project
    this.#truth = await this.counting.run((onProgress, signal) =>
      this.#data.truthPixels({ projectId }, onProgress, signal),
    )
  }

  async loadWeights() {
    this.weights = await this.#data.listWeights()
  }

  /** Chooses initial weights and their encoder; null starts from scratch. */
  useWeights(key: string | null) {
    const stored = this.weights.find((weights) => weights.key === key)
    if (!stored) return this.change({ weights: null, network: { firstExpansion: false } })
    const { encoder, firstExpansion } = stored
    this.change({ weights: stored.key, network: { encoder, firstExpansion } })
  }

  /** Chooses an encoder, and drops weights of another one. */
  setEncoder(encoder: EncoderName) {
    const stored = this.weights.find(({ key }) => key === this.config.weights)
    if (stored && stored.encoder !== encoder) this.useWeights(null)
    this.change({ network: { encoder } })
  }

  async addWeightsFile(file: File) {
    await this.addingWeights.run(async () => {
      const bytes = await file.arrayBuffer()
      await this.#takeUp(await this.#data.addWeights({ name: file.name, bytes }))
    })
  }

  async addWeightsFrom(url: string) {
    await this.addingWeights.run(async (onProgress, signal) => {
      await this.#takeUp(await this.#data.fetchWeights({ url }, onProgress, signal))
    })
  }

  /** Reads the original's trained first round, where it has one that others can begin with. */
  async loadFirstRound() {
    const { original } = this
    if (!original || original.config.annotator === 'person') return
    // Nobody here knows what it was trained by.
    if (unknownChoice(original.config) || droppedRule(original.config.training)) return
    // Its network has an output for every class that the project had then.
    if (original.classCount !== this.#project.classes.length) return
    this.#firstRound = await this.#data.firstRound({ runId: original.id })
    await this.compareFirstRounds()
  }

  /** Finds out whether the run as it is now can begin with the original's first round. */
  async compareFirstRounds() {
    const { config } = this
    const isSame = await this.#hasSameFirstRound(config)
    // Later changes are compared by a later call.
    if (config === this.config) this.sharesFirstRound = isSame
  }

  /** Stores the run after the compute worker has checked its config. */
  create(): Promise<RunRecord | null> {
    const { id: projectId } = this.#project
    const config = $state.snapshot(this.config)
    const isUsual = this.usualName === methodName(config.selection.method)
    const name = this.name.trim() || (isUsual ? '' : this.usualName)
    return this.creating.run(async () => {
      const firstRound = (await this.#hasSameFirstRound(config)) ? this.#firstRound : null
      return this.#compute.createRun({
        projectId,
        config: { ...config, training: withoutDroppedRules(config.training) },
        ...(name && { name }),
        ...(firstRound && { firstRound }),
      })
    })
  }

  async #hasSameFirstRound(config: CpralConfig): Promise<boolean> {
    if (!this.original || !this.#firstRound) return false
    const [own, first] = await Promise.all([config, this.original.config].map(keyOf))
    return own === first
  }

  async #takeUp({ key }: WeightsSummary) {
    await this.loadWeights()
    this.useWeights(key)
  }
}

/** What a newer version chose and this one does not know becomes what is usual. */
function withKnownChoices(settings: Omit<CpralConfig, 'preset'>): ConfigOverrides {
  const { recipe, selection, training, ...others } = settings
  const { method, ...rest } = selection
  const isKnown = RECIPES.includes(recipe ?? 'paper')
  return {
    ...others,
    ...(isKnown ? { ...(recipe && { recipe }), training } : { recipe: USUAL_RECIPE }),
    selection: isMethodName(method) ? selection : rest,
  }
}

/** Key of a config's first round among those of one project. */
function keyOf(config: CpralConfig): Promise<string> {
  const data = { folder: '', format: 'generic', images: { train: 0, val: 0 } } as const
  return firstRoundKey({ config, data, weights: null })
}
