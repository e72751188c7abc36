import { expect, test } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import { AppError } from '../domain/errors'
import { parseStudy } from './study-file'
import { nearest, OVERRIDES } from './value-rules'

function written(): Record<string, unknown> & { parts: Record<string, unknown>[] } {
  return {
    name: 'Small',
    data: { demo: { images: 12, validationImages: 4, seed: 1 } },
    seeds: [1, 2],
    baseline: 'random',
    recipes: { tiny: { preset: 'tiny' }, other: { preset: 'light', weights: 'net.pth', overrides: {} } },
    parts: [
      { name: 'fig5', title: 'Curves', figure: 'curves', methods: ['random', 'cpral'] },
      {
        ...{ name: 'fig7', title: 'Noise', figure: 'noise', methods: ['cpral'], recipes: ['tiny'], seeds: [2] },
        noise: [null, { kind: 'mixed', share: 0.4 }],
        regionSides: [16, 8],
      },
    ],
  }
}

/** Puts a value at a place such as `parts[1].methods`; undefined takes the key away. */
function withValue(place: string, value: unknown): string {
  const study = written()
  const path = place.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
  let inner: Record<string, unknown> = study
  for (const key of path.slice(0, -1)) inner = inner[key] as Record<string, unknown>
  inner[path.at(-1) as string] = value
  return JSON.stringify(study)
}

function problemsOf(text: string): string[] {
  try {
    parseStudy(text, 's.json')
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    expect((error as AppError).remedy).not.toBe('')
    return (error as AppError).message.split('\n')
  }
  return []
}

test('what a study leaves out is filled in', () => {
  const study = parseStudy(JSON.stringify(written()), 's.json')
  expect(study.recipes).toEqual({
    tiny: { preset: 'tiny', weights: null, overrides: {} },
    other: { preset: 'light', weights: 'net.pth', overrides: {} },
  })
  const all = { regionSides: [null], budgets: [null], panopticSizes: [null] }
  expect(study.parts[0]).toMatchObject({ ...all, recipes: ['tiny', 'other'], seeds: [1, 2], noise: [null] })
  expect(study.parts[1]).toMatchObject({
    ...all,
    recipes: ['tiny'],
    seeds: [2],
    noise: [null, { kind: 'mixed', share: 0.4, unit: 'pixel' }],
    regionSides: [16, 8],
  })
})

test.each([
  ['parts[1].methods', ['cprall'], 'parts[1].methods[0] is "cprall"; it must be one of ', 'Did you mean "cpral"?'],
  ['parts[0].methods', ['cpral', 'Core Set'], 'parts[0].methods[1] is "Core Set"', 'Did you mean "core-set"?'],
  ['parts[0].methods', ['vall'], 'parts[0].methods[0] is "vall"', 'Did you mean "vaal"?'],
  ['parts[0].methods', ['random', 'random'], 'parts[0].methods[1] is "random", as is parts[0].methods[0]'],
  ['parts[0].methods', [], 'parts[0].methods is an empty list; it must be a list of methods, one at least.'],
  ['parts[0].methods', 'random', 'parts[0].methods is "random"; it must be a list of methods.'],
  ['parts[0].methods', undefined, 'parts[0].methods is missing; it must be a list of methods.'],
  ['parts[0].method', ['random'], 'parts[0] has no key "method"; the keys are name, ', 'Did you mean "methods"?'],
  ['parts[0].figure', 'curve', 'parts[0].figure is "curve"; it must be one of curves, ', 'Did you mean "curves"?'],
  ['parts[0].name', 'fig 5', 'parts[0].name is "fig 5"; it must be a text of letters, digits, "-" and "_".'],
  ['parts[1].name', 'fig5', 'parts[1].name is "fig5", as is parts[0].name; give it another name.'],
  ['parts[0].title', '', 'parts[0].title is ""; it must be a text that is not empty.'],
  ['parts[1].recipes', ['tniy'], 'parts[1].recipes[0] is "tniy"; it must be one of tiny, other. Did you mean "tiny"?'],
  ['parts[1].seeds', [3], "parts[1].seeds[0] is 3; it must be one of the study's seeds, 1, 2."],
  ['parts[1].regionSides', [2], 'parts[1].regionSides[0] is 2; it must be a whole number of at least 4, or null.'],
  ['parts[1].budgets', [0], 'parts[1].budgets[0] is 0; it must be a number above 0, or null.'],
  ['parts[1].panopticSizes', [1.5], 'parts[1].panopticSizes[0] is 1.5; it must be a whole number of at least 1'],
  ['parts[1].noise', [{ kind: 'symetric', share: 1 }], 'parts[1].noise[0].kind is "symetric"', 'mean "symmetric"?'],
  ['parts[1].noise', [{ kind: 'mixed', share: 20 }], 'parts[1].noise[0].share is 20; it must be a number above 0'],
  ['parts[1].noise', [{ kind: 'mixed', share: 0 }], 'parts[1].noise[0].share is 0; it must be a number above 0'],
  ['parts[1].noise', [0.2], 'parts[1].noise[0] is 0.2; it must be an object with kind, share, unit, or null.'],
  ['parts', [7], 'parts[0] is 7; it must be an object with name, '],
  ['parts', { fig5: {} }, 'parts is {"fig5":{}}; it must be a list of parts.'],
  ['seeds', [1, 2, 1], 'seeds[2] is 1, as is seeds[0]; leave one of them out.'],
  ['seeds', [], 'seeds is an empty list; it must be a list of whole numbers from 0, one at least.'],
  ['seeds[0]', '1', 'seeds[0] is "1"; it must be a whole number of at least 0.'],
  ['seeds[0]', -1, 'seeds[0] is -1; it must be a whole number of at least 0.'],
  ['baseline', 'entropy', 'baseline is "entropy", which no part runs; add it to the methods of a part'],
  ['baseline', undefined, 'baseline is missing; it must be one of cpral, '],
  ['name', 5, 'name is 5; it must be a text that is not empty.'],
  ['colour', 'red', 'a study has no key "colour"; the keys are name, data, seeds, baseline, recipes, parts.'],
  ['data', undefined, 'data is missing; it must be an object with "demo", or with "folder", "format" and "images".'],
  ['data.demo.images', '12', 'data.demo.images is "12"; it must be a whole number of at least 2.'],
  ['data.demo.image', 12, 'data.demo has no key "image"', 'Did you mean "images"?'],
  ['data', { folder: 'x', format: 'voc', images: { train: 9, val: 1 } }, 'data.format is "voc"; it must be one of'],
  ['data', { folder: 'x', format: 'camvid' }, 'data.images is missing; it must be an object with train, val.'],
  ['data', { folder: 'x', format: 'generic', images: { train: 9, val: 1 } }, 'data.imageSize is missing; it must be'],
  ['recipes', {}, 'recipes is empty; it must have one recipe at least'],
  ['recipes.other', null, 'recipes.other is null; it must be an object with preset, weights, overrides.'],
  ['recipes.other.preset', 'large', 'recipes.other.preset is "large"; it must be one of paper, light, tiny.'],
  ['recipes.other.weights', 7, 'recipes.other.weights is 7; it must be a text that is not empty, or null.'],
  ['recipes.other.overrides.seed', 1, 'recipes.other.overrides has no key "seed"; the keys are recipe, size, '],
  ['recipes.other.overrides.recipe', 'studo', 'overrides.recipe is "studo"', 'mean "studio"?'],
  ['recipes.other.overrides.size', { height: 64 }, 'recipes.other.overrides.size.width is missing; it must be'],
  ['recipes.other.overrides.training', { epoch: 2 }, 'overrides.training has no key "epoch"', 'mean "epochs"?'],
  ['recipes.other.overrides.training', { batchSize: 3 }, 'training.batchSize is 3; it must be a multiple of 2 of at'],
  ['recipes.other.overrides.selection', { method: 'random' }, 'overrides.selection has no key "method"; the keys'],
  ['recipes.other.overrides.network', { encoder: 'drn-22' }, 'network.encoder is "drn-22"', 'mean "drn-d-22"?'],
  ['recipes.other.overrides.adversary', { imageSide: 40 }, 'imageSide is 40; it must be a multiple of 16 of at least'],
])('%s = %j is refused with its place, value and remedy', (place, value, sentence, ending = '') => {
  const problems = problemsOf(withValue(place, value))
  const found = problems.filter((problem) => problem.includes(sentence) && problem.endsWith(ending))
  expect(found, problems.join('\n')).toHaveLength(1)
  expect(problems.every((problem) => problem.startsWith('s.json: '))).toBe(true)
})

test('all mistakes are named at once', () => {
  const study = { ...written(), seeds: [1, 2, 2], name: '', baseline: 'ranom' }
  expect(problemsOf(JSON.stringify(study))).toHaveLength(3)
  expect(problemsOf('[]')).toEqual(['s.json: the file is []; it must be an object.'])
})

test('a mistake of JSON is found by line and column', () => {
  expect(problemsOf('{\n  "name": "x",\n  "seeds": [1,]\n}')).toEqual([
    's.json: line 3, column 14 has a comma before "]", which must go.',
  ])
})

test('every default of every setting passes its rule', () => {
  const facts = { format: 'generic', source: 'demo', trainImages: 20, imageSize: { height: 64, width: 64 } } as const
  for (const preset of ['paper', 'light', 'tiny'] as const) {
    const config = defaultConfig(facts, preset)
    for (const [group, rules] of Object.entries(OVERRIDES)) {
      const values = config[group as keyof typeof OVERRIDES] as unknown as Record<string, unknown>
      for (const [name, rule] of Object.entries(rules)) {
        if (values[name] !== undefined) expect(rule.accepts(values[name]), `${group}.${name}`).toBe(true)
      }
    }
  }
})

test('a suggestion is near or there is none', () => {
  expect(nearest('marginal', ['margin', 'random'])).toBe('margin')
  expect(nearest('quantum', ['margin', 'random'])).toBeUndefined()
})
