import { expect, test } from 'vitest'
import { compareManifests } from './compare-manifests'
import { expandStudy } from './expand'
import { parseStudy } from './study-file'

function study(changes: { seeds?: number[]; steps?: number; images?: number; methods?: string[] }): string {
  const { seeds = [1, 2], steps = 5, images = 12, methods = ['random', 'cpral'] } = changes
  return JSON.stringify({
    name: 'Small',
    data: { demo: { images, validationImages: 4, seed: 1 } },
    seeds,
    baseline: 'random',
    recipes: { tiny: { preset: 'tiny', overrides: { training: { steps } } } },
    parts: [{ name: 'time', title: 'Time', figure: 'time', methods }],
  })
}

async function compare(before: string, after: string) {
  const [old, now] = await Promise.all([before, after].map((text) => expandStudy(parseStudy(text, 's.json'))))
  const { added, gone, same, sentences } = compareManifests(old, now)
  return { added: added.map(({ label }) => label), gone: gone.map(({ label }) => label), same: same.length, sentences }
}

test('a study that says the same has the same lines, in whichever order', async () => {
  expect(await compare(study({}), study({ seeds: [2, 1], methods: ['cpral', 'random'] }))).toEqual({
    added: [],
    gone: [],
    same: 4,
    sentences: [],
  })
})

test('new and lost lines are named, and the others stay', async () => {
  const { sentences, ...changes } = await compare(study({}), study({ seeds: [1, 3] }))
  expect(changes).toEqual({
    added: ['random, seed 3', 'cpral, seed 3'],
    gone: ['random, seed 2', 'cpral, seed 2'],
    same: 2,
  })
  expect(sentences).toEqual([
    expect.stringMatching(/^random, seed 3 \([0-9a-f]{16}\) is new and will be run\.$/),
    expect.stringMatching(/^cpral, seed 3 /),
    expect.stringMatching(/^random, seed 2 \([0-9a-f]{16}\) is no line of the study any more; its result is kept\.$/),
    expect.stringMatching(/^cpral, seed 2 /),
  ])
})

test('a changed setting is named with both values', async () => {
  const { sentences, same } = await compare(study({ seeds: [1] }), study({ seeds: [1], steps: 7, images: 20 }))
  expect(same).toBe(0)
  expect(sentences).toHaveLength(2)
  expect(sentences[0]).toMatch(/^random, seed 1 \(\w+\) has other settings than \w+ and will be run anew/)
  expect(sentences[0]).toContain('data.demo.images was 12 and is 20; ')
  expect(sentences[0]).toContain('training.steps was 5 and is 7')
  expect(sentences[0]).toContain('selection.initialImages was 1 and is 2')
  expect(sentences[0]).not.toContain('learningRate')
})
