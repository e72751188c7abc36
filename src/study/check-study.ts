/** What may stand at each place of a study's file. */
import { METHODS } from '../cpral/methods'
import { type PresetName, RECIPES } from '../domain/config'
import type { DatasetFormat } from '../domain/dataset'
import type { Checker } from './checker'
import type { StudyPart } from './study-line'
import { OVERRIDES, orNull, POSITIVE, type Rule, TEXT, whole, word } from './value-rules'

const FIGURES: readonly StudyPart['figure'][] = [
  'curves',
  'regions',
  'noise',
  'ablation',
  'time',
  'classes',
  'pictures',
]
const FORMATS: readonly DatasetFormat[] = ['cityscapes', 'bdd100k', 'camvid', 'generic']
const PRESETS: readonly PresetName[] = ['paper', 'light', 'tiny']

const METHOD = word(...Object.keys(METHODS))
const NAME: Rule = {
  expects: 'a text of letters, digits, "-" and "_"',
  accepts: (value) => typeof value === 'string' && /^[\w-]+$/.test(value),
}
const NOISE_SHARE: Rule = {
  expects: 'a number above 0 and at most 1 (without noise is null in place of the object)',
  accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
}

/** Whether a value has the shape of a study's file; `checker` then knows what is wrong. */
export function checkStudy(checker: Checker, value: unknown): void {
  const keys = ['name', 'data', 'seeds', 'baseline', 'recipes', 'parts']
  const study = checker.object(value, '', 'an object', keys)
  if (!study) return
  checker.value(study.name, 'name', TEXT)
  checkData(checker, study.data)
  const seeds = checker.items(study.seeds, 'seeds', 'a list of whole numbers from 0', whole(0))
  const recipes = checkRecipes(checker, study.recipes)
  const parts = checker.list(study.parts, 'parts', 'a list of parts')
  for (const [i, part] of parts.entries()) checkPart(checker, part, `parts[${i}]`, recipes, seeds)
  checkNames(checker, parts)
  if (checker.value(study.baseline, 'baseline', METHOD)) checkBaseline(checker, study.baseline as string, parts)
}

function checkData(checker: Checker, value: unknown): void {
  const expects = 'an object with "demo", or with "folder", "format" and "images"'
  const isDemo = typeof value === 'object' && value !== null && 'demo' in value
  const data = checker.object(value, 'data', expects, isDemo ? ['demo'] : ['folder', 'format', 'images', 'imageSize'])
  if (!data) return
  if (isDemo) {
    checkFields(checker, data.demo, 'data.demo', { images: whole(2), validationImages: whole(1), seed: whole(0) })
    return
  }
  checker.value(data.folder, 'data.folder', TEXT)
  checker.value(data.format, 'data.format', word(...FORMATS))
  checkFields(checker, data.images, 'data.images', { train: whole(2), val: whole(1) })
  if (data.format === 'generic' || data.imageSize !== undefined) {
    checkFields(checker, data.imageSize, 'data.imageSize', { height: whole(1), width: whole(1) })
  }
}

/** An object with all keys of `rules` and no other. */
function checkFields(checker: Checker, value: unknown, place: string, rules: Readonly<Record<string, Rule>>): void {
  const keys = Object.keys(rules)
  const fields = checker.object(value, place, `an object with ${keys.join(', ')}`, keys)
  if (fields) for (const key of keys) checker.value(fields[key], `${place}.${key}`, rules[key])
}

/** Returns the recipes' names. */
function checkRecipes(checker: Checker, value: unknown): string[] {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const recipes = checker.object(value, 'recipes', 'an object of recipes by their names', names)
  if (!recipes) return []
  if (names.length === 0)
    checker.add('recipes is empty; it must have one recipe at least, such as "tiny": { "preset": "tiny" }.')
  for (const name of names) {
    if (!NAME.accepts(name)) checker.add(`recipes has the name "${name}"; it must be ${NAME.expects}.`)
    checkRecipe(checker, recipes[name], `recipes.${name}`)
  }
  return names
}

function checkRecipe(checker: Checker, value: unknown, place: string): void {
  const recipe = checker.object(value, place, 'an object with preset, weights, overrides', [
    'preset',
    'weights',
    'overrides',
  ])
  if (!recipe) return
  checker.value(recipe.preset, `${place}.preset`, word(...PRESETS))
  if (recipe.weights !== undefined) checker.value(recipe.weights, `${place}.weights`, orNull(TEXT))
  if (recipe.overrides === undefined) return
  const inner = `${place}.overrides`
  const overrides = checker.object(recipe.overrides, inner, 'an object of settings', [
    'recipe',
    ...Object.keys(OVERRIDES),
  ])
  if (overrides?.recipe !== undefined) checker.value(overrides.recipe, `${inner}.recipe`, word(...RECIPES))
  for (const [name, rules] of Object.entries(OVERRIDES)) {
    const group = overrides?.[name]
    if (group === undefined) continue
    if (name === 'size') checkFields(checker, group, `${inner}.size`, rules)
    else checkSettings(checker, group, `${inner}.${name}`, rules)
  }
}

/** An object with some keys of `rules` and no other. */
function checkSettings(checker: Checker, value: unknown, place: string, rules: Readonly<Record<string, Rule>>): void {
  const settings = checker.object(value, place, 'an object of settings', Object.keys(rules))
  if (!settings) return
  for (const [key, rule] of Object.entries(rules)) {
    if (settings[key] !== undefined) checker.value(settings[key], `${place}.${key}`, rule)
  }
}

const PART_KEYS = [
  ...['name', 'title', 'figure', 'methods', 'recipes', 'seeds'],
  ...['noise', 'regionSides', 'budgets', 'panopticSizes'],
]

function checkPart(
  checker: Checker,
  value: unknown,
  place: string,
  recipes: string[],
  seeds: readonly unknown[],
): void {
  const part = checker.object(value, place, `an object with ${PART_KEYS.join(', ')}`, PART_KEYS)
  if (!part) return
  checker.value(part.name, `${place}.name`, NAME)
  checker.value(part.title, `${place}.title`, TEXT)
  checker.value(part.figure, `${place}.figure`, word(...FIGURES))
  const items = (key: string, expects: string, rule: Rule) => checker.items(part[key], `${place}.${key}`, expects, rule)
  items('methods', 'a list of methods', METHOD)
  if (part.recipes !== undefined) items('recipes', 'a list of recipes', word(...recipes))
  if (part.seeds !== undefined) {
    items('seeds', "a list of the study's seeds", {
      expects: `one of the study's seeds, ${seeds.join(', ')}`,
      accepts: (seed) => seeds.includes(seed),
    })
  }
  if (part.regionSides !== undefined) items('regionSides', 'a list of pixels', orNull(whole(4)))
  if (part.budgets !== undefined) items('budgets', 'a list of numbers of images', orNull(POSITIVE))
  if (part.panopticSizes !== undefined) items('panopticSizes', 'a list of numbers of images', orNull(whole(1)))
  if (part.noise !== undefined) checkNoise(checker, part.noise, `${place}.noise`)
}

function checkNoise(checker: Checker, value: unknown, place: string): void {
  const rules = {
    kind: word('symmetric', 'missing', 'random', 'mixed'),
    share: NOISE_SHARE,
    unit: word('pixel', 'segment'),
  }
  for (const [i, item] of checker.list(value, place, 'a list of kinds of noise').entries()) {
    if (item === null) continue
    const inner = `${place}[${i}]`
    const noise = checker.object(item, inner, 'an object with kind, share, unit, or null', Object.keys(rules))
    if (!noise) continue
    checker.value(noise.kind, `${inner}.kind`, rules.kind)
    checker.value(noise.share, `${inner}.share`, rules.share)
    if (noise.unit !== undefined) checker.value(noise.unit, `${inner}.unit`, rules.unit)
  }
}

function partField(part: unknown, key: string): unknown {
  return typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined
}

function checkNames(checker: Checker, parts: readonly unknown[]): void {
  const names = parts.map((part) => partField(part, 'name'))
  for (const [i, name] of names.entries()) {
    const first = names.indexOf(name)
    if (first < i && typeof name === 'string') {
      checker.add(`parts[${i}].name is "${name}", as is parts[${first}].name; give it another name.`)
    }
  }
}

function checkBaseline(checker: Checker, baseline: string, parts: readonly unknown[]): void {
  const runs = parts.flatMap((part) => partField(part, 'methods'))
  if (runs.includes(baseline)) return
  checker.add(
    `baseline is "${baseline}", which no part runs; add it to the methods of a part, or choose one that is there.`,
  )
}
