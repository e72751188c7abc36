import { expect, test } from 'vitest'
import { readAnnotations } from './annotations'

const SIZE = { height: 32, width: 48 }
const META =
  '<meta><task><labels><label><name>road</name><color>#010203</color></label><label><name>car</name></label></labels></task></meta>'
const ROAD = '<polygon label="road" points="4.00,4.00;24.00,4.00;24.00,14.00;4.00,14.00" z_order="0"></polygon>'
const BOX = '<box label="car" xtl="4" ytl="4" xbr="14" ybr="14" z_order="0"/>'

function read(shapes: string, meta = META) {
  const image = `<image id="0" name="day/p0.jpg" width="48" height="32">${shapes}</image>`
  const text = `<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>${meta}${image}</annotations>`
  const found = readAnnotations('annotations.xml', text)
  if (!found) throw new Error('not recognised')
  return found
}

function counted(shapes: string) {
  const counts: Record<number, number> = {}
  for (const id of read(shapes).images[0].draw(SIZE)) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

test('labels are classes with their colours; a polygon has the pixels that CVAT gives it', () => {
  const { tool, classes, images, problems } = read(ROAD)
  expect([tool, problems]).toEqual(['CVAT', []])
  expect(classes).toEqual([
    { name: 'road', color: [1, 2, 3] },
    { name: 'car', color: null },
  ])
  expect(images[0]).toMatchObject({ fileName: 'day/p0.jpg', size: SIZE, isAnnotated: true })
  expect(counted(ROAD)).toEqual({ 0: 200, 255: 1336 })
  expect(read('').images[0].isAnnotated).toBe(false)
})

test('the higher z_order lies above, then the later one', () => {
  expect(counted(ROAD + BOX)).toEqual({ 0: 100, 1: 100, 255: 1336 })
  expect(counted(BOX + ROAD)).toEqual({ 0: 200, 255: 1336 })
  expect(counted(BOX.replace('z_order="0"', 'z_order="1"') + ROAD)).toEqual({ 0: 100, 1: 100, 255: 1336 })
  expect(read(ROAD).notes.join()).toMatch(/overlap/)
})

test('boxes that are turned, ellipses and masks are drawn', () => {
  const turned = '<box label="car" xtl="10" ytl="13" xbr="30" ybr="19" rotation="90"/>'
  expect(counted(turned)[1]).toBe(20 * 6)
  const ellipse = counted('<ellipse label="car" cx="20" cy="16" rx="10" ry="5"/>')[1]
  expect(Math.abs(ellipse - Math.PI * 50)).toBeLessThan(6)
  const mask = '<mask label="car" rle="1, 3, 1, 2, 1" left="46" top="30" width="4" height="2"/>'
  const drawn = read(mask).images[0].draw(SIZE)
  const inside = [...drawn.entries()].filter(([, id]) => id === 1).map(([at]) => [at % 48, Math.floor(at / 48)])
  // Of the rows .### and .##. the image holds two columns.
  expect(inside).toEqual([
    [47, 30],
    [47, 31],
  ])
})

const BROKEN: [string, string][] = [
  ['has less than three points', '<polygon label="car" points="1,2;3,4"/>'],
  ['coordinates that are not numbers', '<polygon label="car" points="1,2;3,4;x,6"/>'],
  ['coordinates that are not numbers', '<box label="car" xtl="4" ytl="4"/>'],
  ['do not add up', '<mask label="car" rle="1, 3" left="4" top="3" width="4" height="2"/>'],
  ['do not add up', '<mask label="car" rle="0, 1e18" left="0" top="0" width="1000000000" height="1000000000"/>'],
  ['no area', '<polyline label="car" points="1,2;3,4"/>'],
  ['no area', '<points label="car" points="1,2"/>'],
  ['outside its image', '<polygon label="car" points="100,2;110,4;100,9"/>'],
]

test.each(BROKEN)('a shape that cannot be used is named, the rest stands: %s, %s', (fault, shape) => {
  const said = read(ROAD + shape).problems.map(({ problem }) => problem)
  expect(said).toEqual([expect.stringContaining(fault)])
  expect(said[0]).toMatch(/^In "annotations.xml", \w+ 2 of "day\/p0.jpg"/)
  expect(counted(ROAD + shape)).toEqual({ 0: 200, 255: 1336 })
})

test('a label that the file does not list is a class; void is none', () => {
  const shapes = BOX.replace('car', 'tree') + BOX.replace('car', 'ignore')
  expect(read(shapes).classes.map(({ name }) => name)).toEqual(['road', 'car', 'tree'])
  expect(counted(shapes)).toEqual({ 255: 1536 })
})

test('tracks of a video are named', () => {
  const found = readAnnotations(
    'a.xml',
    '<annotations><track id="0" label="car"><box frame="0"/></track></annotations>',
  )
  expect(found?.images).toEqual([])
  expect(found?.problems.map(({ problem }) => problem)).toEqual([expect.stringContaining('1 track of a video')])
})

test('hostile XML is refused in a sentence, and soon', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
  const texts = [
    `${bomb}<annotations><image name="&c;"/></annotations>`,
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><annotations><image name="&b;"/></annotations>',
    `<annotations><image name="x">${'<a>'.repeat(200_000)}`,
    '<annotations><image name="x"></annotations>',
  ]
  for (const text of texts) {
    const found = readAnnotations('a.xml', text)
    expect([found?.images, found?.problems.length]).toEqual([[], 1])
    expect(found?.problems[0].problem).toMatch(/"a.xml" .* damaged/)
  }
})
