import { expect, test } from 'vitest'
import { readAnnotations } from './annotations'
import { unreadProblems } from './unread'

const BOX = '<object><name>dog</name><bndbox><xmin>1</xmin></bndbox></object>'
const region = { shape_attributes: { name: 'polygon' }, region_attributes: {} }
const task = { id: 1, data: { image: 'p0.jpg' }, annotations: [{ id: 1, result: [{ type: 'polygonlabels' }, {}] }] }

/** Name of the file, its content, and what is said. */
const KNOWN: [string, unknown, RegExp, RegExp][] = [
  ['via.json', { 'p0.jpg1': { filename: 'p0.jpg', regions: [region] } }, /VGG Image Annotator.* 1 annotation /, /COCO/],
  ['p.json', { _via_img_metadata: { a: { filename: 'a', regions: { 0: region, 1: region } } } }, / 2 annot/, /COCO/],
  ['p.json', [task], /Label Studio.* 2 annotations/, /Brush labels to PNG/],
  ['a.jpg.json', { size: {}, objects: [{ classTitle: 'x' }], tags: [] }, /Supervisely.* 1 /, /COCO/],
  ['a-asset.json', { asset: {}, regions: [{ type: 'RECTANGLE' }] }, /VoTT.* 1 /, /CVAT/],
  ['a_gtFine_polygons.json', { imgHeight: 1, imgWidth: 1, objects: [{ polygon: [] }] }, /Cityscapes.* 1 /, /labelIds/],
  ['results.json', [{ image_id: 1, category_id: 1, score: 0.5 }], /results.* 1 /, /categories/],
  ['c.json', [{ image: 'a.jpg', annotations: [{ label: 'x', coordinates: { x: 1 } }] }], /CreateML.* 1 /, /box/],
  [
    'a.xml',
    `<annotation>\n<filename>a.jpg</filename>${BOX}${BOX}</annotation>`,
    /Pascal VOC.* 2 /,
    /SegmentationClass/,
  ],
  ['a.xml', '<annotation><object><polygon><pt/></polygon></object></annotation>', /LabelMe.* 1 /, /LabelMe 3.0/],
  ['a.txt', '0 0.5 0.5 0.2 0.2\n1 0.1 0.1 1 1 0.9\n', /boxes of YOLO.* 2 /, /box/],
  ['a.txt', '0 0.5 0.5 0.2 0.2 1 1\n', /polygons of YOLO.* 1 /, /YOLO Segmentation/],
]

test.each(KNOWN)('%s is named with its number of annotations and the way out', (path, content, problem, remedy) => {
  const found = readAnnotations(path, typeof content === 'string' ? content : JSON.stringify(content))
  const [said, ...more] = unreadProblems(found ? [found] : [])
  expect(said.problem).toMatch(problem)
  expect(said.problem).toContain(`"${path}"`)
  expect(said.remedy).toMatch(remedy)
  expect([found?.images, more]).toEqual([[], []])
})

test('a thousand files of one kind are one sentence', () => {
  const files = Array.from({ length: 1000 }, (_, i) => readAnnotations(`${i}.txt`, '0 0.5 0.5 0.2 0.2'))
  const said = unreadProblems(files.filter((file) => file !== null)).map(({ problem }) => problem)
  expect(said).toEqual([expect.stringMatching(/"0.txt" and 999 more files hold boxes of YOLO.* 1000 annotations/)])
})

test.each([
  ['package.json', '{"name": "x", "files": []}'],
  ['empty.json', '[]'],
  ['none.json', '{}'],
  ['broken.json', '{"images": ['],
  ['word.json', 'images'],
  ['names.json', '["road", "car"]'],
  ['a.svg.xml', '<svg><polygon/></svg>'],
  ['classes.txt', '0 road\n1 car\n'],
  ['splits.txt', '0 0 0 0 9'],
  ['empty.txt', ''],
])('%s is no file of annotations', (path, text) => {
  expect(readAnnotations(path, text)).toBe(null)
})
