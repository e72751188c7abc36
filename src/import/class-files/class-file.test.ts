import { expect, test } from 'vitest'
import { CAMVID_CLASSES, CITYSCAPES_CLASSES, generatedColor } from '../../domain/classes'
import { classFileFor, findClassFile, findClassFiles, parseClassFile } from './class-file'

/** Each entry as "value name #rrggbb void", as far as the file says it; the position is written as "(1)". */
function read(text: string, path = 'classes.txt'): string[] {
  return parseClassFile(path, text).entries.map(({ name, color, isVoid, value, isValueSaid }) => {
    const parts = [isValueSaid ? value : `(${value})`, name, color?.join(','), isVoid && 'void']
    return parts.filter((part) => part !== undefined && part !== false).join(' ')
  })
}
const problems = (text: string, path = 'classes.txt') =>
  parseClassFile(path, text).problems.map(({ problem }) => problem)
const ROAD = ['(0) road 128,64,128', '(1) void 0,0,0 void']

test.each([
  ['CVAT', 'road:128,64,128::\nvoid:0,0,0::'],
  ['CVAT without parts', 'road:128,64,128\nvoid:0,0,0'],
  ['CVAT, hexadecimal', 'road:#804080::\nvoid:#000000::'],
  ['CamVid', '128 64 128 road\n0 0 0 void'],
  ['csv', 'name,r,g,b\nroad,128,64,128\nvoid,0,0,0'],
  ['csv in another order and case', 'R,G,B,Label\n128,64,128,road\n0,0,0,void'],
  ['csv in words', 'Red;Class;Green;Blue\n128;road;64;128\n0;void;0;0'],
  ['csv without a header', 'road,128,64,128\nvoid,0,0,0'],
  ['csv, colour first', '128,64,128,road\n0, 0, 0, void'],
  ['tabs', 'road\t128\t64\t128\nvoid\t0\t0\t0'],
  ['tabs, a mark, empty lines', '\uFEFF128 64 128\t\troad\r\n\r\n# comment\r\n0 0 0\tvoid\r\n'],
  ['old line ends', '128 64 128 road\r0 0 0 void\r'],
  ['hexadecimal', 'road,#804080\nvoid,#000000'],
  ['hexadecimal first, by blanks', '#804080 road\n#000000 void'],
  ['a colour in one cell', 'class;colour\nroad;128,64,128\nvoid;0 0 0'],
  ['a quoted colour in one cell', 'name,rgb\nroad,"(128, 64, 128)"\nvoid,"[0, 0, 0]"'],
  ['with alpha', 'road,128,64,128,255\nvoid,0,0,0,255'],
  ['aligned by blanks', 'road   128  64 128\nvoid     0   0   0'],
  ['an equals sign', 'road = 128,64,128\nvoid = 0,0,0'],
  ['brackets', 'road: [128, 64, 128]\nvoid: [0, 0, 0]'],
  ['a comment of two slashes', '// mine\nroad 128 64 128\nvoid 0 0 0'],
  ['separated by blanks and commas', '128, 64, 128 road\n0, 0, 0 void'],
])('colours: %s', (_name, text) => {
  expect(read(text)).toEqual(ROAD)
  expect(problems(text)).toEqual([])
})

test.each([
  ['a csv with a header', 'Pixel Value, Class\n0, background\n3, road', ['0 background', '3 road']],
  ['ids first, by commas', '0,background\n7,road', ['0 background', '7 road']],
  ['ids first, by blanks', '0 background\n1 traffic light', ['0 background', '1 traffic light']],
  ['ids first, by a colon', '0: background\n1: road', ['0 background', '1 road']],
  ['ids last, by a colon', 'background: 0\nroad: 2', ['0 background', '2 road']],
  ['ids last, by commas', 'background,0\nroad,2', ['0 background', '2 road']],
  ['ids last, by blanks', 'background 0\nroad 1', ['0 background', '1 road']],
  ['ids, names and colours', '0,road,1,2,3\n4,car,5,6,7', ['0 road 1,2,3', '4 car 5,6,7']],
  ['ids behind colours', 'road 128 64 128 1\ncar 5 6 7 2', ['1 road 128,64,128', '2 car 5,6,7']],
  ['a separator in a name', '0,sky, clouds\n1,road\n2,car\n3,tree', ['0 sky, clouds', '1 road', '2 car', '3 tree']],
  [
    'ids of what is not learned',
    'name,trainId,r,g,b\nroad,0,1,2,3\nego,255,0,0,0\nstatic,255,0,0,0',
    ['0 road 1,2,3', '255 ego 0,0,0 void', '255 static 0,0,0 void'],
  ],
  ['ids and colours by blanks', '1 1 2 3 road\n4 5 6 7 car', ['1 road 1,2,3', '4 car 5,6,7']],
  ['a header with id, colour and name', 'id;hex;name\n2;#010203;road\n4;#050607;car', ['2 road 1,2,3', '4 car 5,6,7']],
  ['ids of both ends of the scale', 'name,value\nroad,0\nvoid,255', ['0 road', '255 void void']],
  ['an id below 0 is none', '-1 licence plate\n0 road\n1 car', ['0 road', '1 car']],
  [
    'a table of ADE20K',
    'Idx\tRatio\tName\n1\t0.15\twall\n2\t0.11\tbuilding, edifice',
    ['1 wall', '2 building, edifice'],
  ],
])('values: %s', (_name, text, entries) => {
  expect(read(text)).toEqual(entries)
})

test.each([
  ['spaces and digits', 'traffic light\nclass 7\n_dummy3', ['(0) traffic light', '(1) class 7', '(2) _dummy3 void']],
  ['numbers that end names', 'lane 1\nlane 2', ['(0) lane 1', '(1) lane 2']],
  ['numbers that begin names', '2 wheeler\n4 wheeler', ['(0) 2 wheeler', '(1) 4 wheeler']],
  ['numbers that are years', 'survey 2019\nflood 2021', ['(0) survey 2019', '(1) flood 2021']],
  ['a number in one line of many', 'road\n3 trees\ncar', ['(0) road', '(1) 3 trees', '(2) car']],
  ['a colon', 'sign: stop\nsign: go', ['(0) sign: stop', '(1) sign: go']],
  ['a comma', 'sky, clouds\nroad', ['(0) sky, clouds', '(1) road']],
  ['quotes', '"sky, clouds"\n"road ""wet"""', ['(0) sky, clouds', '(1) road "wet"']],
  ['a # behind', 'C #\nroad', ['(0) C #', '(1) road']],
  ['dashes', '- road\n- car', ['(0) road', '(1) car']],
  ['a list of Python', "['road', 'car']", ['(0) road', '(1) car']],
  ['colours only', '128 64 128\n0 0 9', ['(0) #804080 128,64,128', '(1) #000009 0,0,9']],
  ['one line', 'road, car, tree', ['(0) road', '(1) car', '(2) tree']],
  ['digits before colours', 'lane 1 1 2 3\nlane 2 4 5 6', ['(0) lane 1 1,2,3', '(1) lane 2 4,5,6']],
  ['a list of labelme', '__ignore__\n_background_\ncat', ['(0) _background_', '(1) cat']],
])('names: %s', (_name, text, entries) => {
  expect(read(text)).toEqual(entries)
})

test('a table of one column', () => {
  expect(read('Class\nroad\ncar', 'classes.csv')).toEqual(['(0) road', '(1) car'])
  expect(read('class\nroad', 'classes.txt')).toEqual(['(0) class', '(1) road'])
})

test('quotes as spreadsheets write them, over lines too', () => {
  const text = 'name,r,g,b\r\n"sky, clouds",1,2,3\r\n"road ""wet""",128,64,128\r\n树 木,107,142,35\r\n'
  expect(read(text, 'class_dict.csv')).toEqual([
    '(0) sky, clouds 1,2,3',
    '(1) road "wet" 128,64,128',
    '(2) 树 木 107,142,35',
  ])
  expect(read('name;r;g;b\n"two\nlines";1;2;3\n"a;b";4;5;6')).toEqual(['(0) two lines 1,2,3', '(1) a;b 4,5,6'])
})

test("CVAT's parts and actions are no part of the name, with a colour or without", () => {
  expect(read('person::head,hand:walk\ndog:1,2,3:tail:\nlamp:::\nsign: stop')).toEqual([
    '(0) person',
    '(1) dog 1,2,3',
    '(2) lamp',
    '(3) sign: stop',
  ])
  expect(read('sky: clouds:1,2,3::\nroad:4,5,6::')).toEqual(['(0) sky: clouds 1,2,3', '(1) road 4,5,6'])
})

test('names of void, and names that only look like it', () => {
  const voids = [
    'void',
    'Unlabeled',
    'UNLABELLED',
    'un-labelled',
    'Unknown',
    'unannotated',
    'ignore',
    '_ignore_',
    'dummy 3',
  ]
  expect(parseClassFile('a/labels.txt', voids.join('\n')).entries.every(({ isVoid }) => isVoid)).toBe(true)
  const classes = ['background', '_background_', 'other', 'static', 'ego vehicle', 'unknown object', 'avoid']
  expect(parseClassFile('a/labels.txt', classes.join('\n')).entries.some(({ isVoid }) => isVoid)).toBe(false)
})

test('JSON of many tools', () => {
  const json = (value: unknown, path = 'labels.json') => read(JSON.stringify(value), path)
  const own = { format: 'cpral-studio classes', classes: [{ id: 1, name: 'void', color: [1, 2, 3] }], void: 255 }
  expect(json(own, 'classes.json')).toEqual(['1 void 1,2,3'])
  expect(json({ labels: { background: 0, road: 1, ignore: 2 }, numTraining: 3 }, 'dataset.json')).toEqual([
    '0 background',
    '1 road',
    '2 ignore void',
  ])
  expect(json({ labels: { 0: 'background', 1: 'road' }, modality: {} }, 'dataset.json')).toEqual([
    '0 background',
    '1 road',
  ])
  expect(json([{ name: 'road', id: 812, color: '#010203', attributes: [] }])).toEqual(['(0) road 1,2,3'])
  expect(json([{ name: 'road', id: 4, colour: [1, 2, 3, 128] }])).toEqual(['4 road 1,2,3'])
  expect(json(['road', 'two\nlines'])).toEqual(['(0) road', '(1) two lines'])
  expect(json({ road: [128, 64, 128], car: [0, 0, 9] }, 'palette.json')).toEqual([
    '(0) road 128,64,128',
    '(1) car 0,0,9',
  ])
  expect(json({ '128,64,128': 'road', '#000009': 'car' })).toEqual(['(0) road 128,64,128', '(1) car 0,0,9'])
  expect(json({ 3: { name: 'road', color: [1, 2, 3] } })).toEqual(['3 road 1,2,3'])
  expect(json({ categories: [{ id: 2, name: 'road' }] })).toEqual(['2 road'])
})

test('JSON that lists no classes', () => {
  const coco = { images: [], annotations: [], categories: [{ id: 1, name: 'road' }] }
  const labelme = { version: '5', shapes: [{ label: 'road' }], imagePath: 'a.jpg' }
  const options = { epochs: 3, name: 'net', sizes: [1, 2, 3] }
  for (const value of [coco, labelme, options, {}, [], 3]) {
    expect(parseClassFile('labels.json', JSON.stringify(value))).toMatchObject({ entries: [], problems: [] })
  }
  expect(problems('[{"name":', 'labels.json')).toEqual(['"labels.json" is not valid JSON.'])
  expect(problems('[{"name":', 'p0.json')).toEqual([])
})

test('unions of labels are named', () => {
  const text = JSON.stringify({ labels: { background: 0, whole: [1, 2], core: 2 }, channel_names: {} })
  expect(read(text, 'dataset.json')).toEqual(['0 background', '2 core'])
  expect(problems(text, 'dataset.json')[0]).toContain('"whole"')
})

test('YAML of YOLO', () => {
  expect(read('nc: 2\nnames: [road, "sky, clouds"]\n', 'data.yaml')).toEqual(['(0) road', '(1) sky, clouds'])
  expect(read("names:\n  0: road\n  2: 'car' # red\ntrain: a", 'data.yaml')).toEqual(['0 road', '2 car'])
  expect(read('names:\n- road\n- car\nnc: 2', 'data.yml')).toEqual(['(0) road', '(1) car'])
  expect(read('names: {0: road, 1: car}', 'data.yaml')).toEqual(['0 road', '1 car'])
  expect(read('train: a\nval: b', 'data.yaml')).toEqual([])
})

test('of equal colours the first class takes the pixels; shared black stays unlabelled', () => {
  const text = 'road:128,64,128::\nvegetation:107,142,35::\nbush:107,142,35::\nego vehicle:0,0,0::\nstatic:0,0,0::'
  expect(read(text, 'labelmap.txt')).toEqual([
    '(0) road 128,64,128',
    '(1) vegetation 107,142,35',
    '(2) bush',
    '(3) ego vehicle',
    '(4) static',
  ])
  const [bush, black] = problems(text, 'labelmap.txt')
  expect(bush).toContain('"vegetation" and "bush" the same colour, #6b8e23')
  expect(bush).toContain('are "vegetation"')
  expect(black).toContain('"ego vehicle" and "static" the same colour, #000000')
  expect(black).toContain('stay unlabelled')
})

test('black is the background, where the file has one; void keeps what is its own', () => {
  expect(read('0 0 0 other\n0 0 0 background')).toEqual(['(0) other', '(1) background 0,0,0'])
  expect(read('0 0 0 void\n0 0 0 static\n9 9 9 car')).toEqual(['(0) void 0,0,0 void', '(1) static', '(2) car 9,9,9'])
  expect(read('9 9 9 void\n9 9 9 car')).toEqual(['(0) void void', '(1) car 9,9,9'])
  expect(problems('9 9 9 void\n9 9 9 unlabelled\n1 1 1 car')).toEqual([])
})

test('equal names are one class where their colours are equal, else told apart', () => {
  expect(read('1 2 3 road\n1 2 3 road\n4 5 6 car')).toEqual(['(0) road 1,2,3', '(2) car 4,5,6'])
  expect(problems('1 2 3 road\n1 2 3 road')[0]).toContain('"road" more than once')
  expect(read('1 2 3 road\n4 5 6 road')).toEqual(['(0) road 1,2,3', '(1) road (2) 4,5,6'])
  expect(read('road\nroad (2)\nroad')).toEqual(['(0) road', '(1) road (2)', '(2) road (3)'])
  expect(problems('road\nroad')[0]).toContain('"road (2)"')
})

test('lines that say less than the others are named, and count', () => {
  expect(read('road,1,2,3\ncar,4,5,6\nsky,7,8,300\ntree,9,9,9')[2]).toBe('(2) sky')
  expect(problems('road,1,2,3\ncar,4,5,6\nsky,7,8,300')[0]).toContain('"sky, 7, 8, 300"')
  expect(read('road 1 2 3\ncar 4 5 6\nsky\ntree 9 9 9')).toContain('(2) sky')
  expect(problems('name,value\nroad,1\ncar,1')[0]).toContain('"road" and "car" the same value, 1')
})

test('files that list no classes', () => {
  expect(read('a.jpg\nb.jpg\nc.jpg', 'labels.txt')).toEqual([])
  expect(read('a.png 0\nb.png 1', 'labels.txt')).toEqual([])
  expect(read(`road\n${'x'.repeat(201)}`, 'labels.txt')).toEqual([])
  expect(read('', 'labels.txt')).toEqual([])
  expect(read('This folder holds images.\nAsk before use.', 'about.txt')).toEqual([])
  expect(read('2007_000\n2007_001', 'list.txt')).toEqual([])
  expect(read('name,x,y\na,1,2\nb,3,4', 'boxes.csv')).toEqual([])
  expect(read('road,10,20,30\ncar,4,5,6', 'results.csv')).toEqual([])
  expect(read('road,1,2,200\ncar,4,5,6', 'my-legend-2.csv')).toEqual(['(0) road 1,2,200', '(1) car 4,5,6'])
})

test('the class file nearest to the top wins, then the one with colours', () => {
  expect(findClassFile(['a/labelmap.txt', 'classes.txt', 'label_colors.txt', 'readme.txt'])).toBe('label_colors.txt')
  expect(findClassFile(['a/labels.txt', 'x.png'])).toBe('a/labels.txt')
  expect(findClassFile(['x.png', 'train.txt'])).toBeNull()
})

test('all candidates in order; those without a telling name last, and only few of them', () => {
  const paths = [
    'z/b/classes.txt',
    'legend-2.csv',
    'classes.txt',
    'README.txt',
    'val.txt',
    'train/_classes.csv',
    'classes.json',
    'a.png',
  ]
  expect(findClassFiles(paths)).toEqual([
    'classes.json',
    'classes.txt',
    'legend-2.csv',
    'train/_classes.csv',
    'z/b/classes.txt',
  ])
  for (const name of [
    'Label_Colors.TXT',
    'class_dict.csv',
    'label_names.txt',
    'dataset.json',
    'obj.names',
    'data.yaml',
  ]) {
    expect(findClassFile([name])).toBe(name)
  }
  expect(findClassFiles(['data.csv', ...Array.from({ length: 9 }, (_, i) => `p${i}.json`)])).toEqual([])
})

test('each class file counts for its own folder, the first for all others', () => {
  const file = (path: string, text: string) => parseClassFile(path, text)
  const shots = [
    file('a_json/label_names.txt', '_background_\ndog'),
    file('b_json/label_names.txt', '_background_\ncat'),
  ]
  expect(classFileFor('b_json/label.png', shots)).toBe(shots[1])
  expect(classFileFor('c_json/label.png', shots)).toBe(shots[0])
  const top = file('classes.txt', 'road\ncar')
  expect(classFileFor('b_json/deep/label.png', [top, ...shots])).toBe(shots[1])
  expect(classFileFor('masks/label.png', [top, ...shots])).toBe(top)
  expect(classFileFor('a.png', [file('labels.txt', ''), top])).toBe(top)
  expect(classFileFor('a.png', [])).toBeNull()
})

test('no two classes share a colour', () => {
  for (const colors of [CITYSCAPES_CLASSES, CAMVID_CLASSES].map((classes) => classes.map(({ color }) => color))) {
    expect(new Set(colors.map(String)).size).toBe(colors.length)
  }
  const generated = Array.from({ length: 64 }, (_, i) => generatedColor(i))
  expect(new Set(generated.map(String)).size).toBe(64)
  for (const channel of generated.flat()) expect(channel >= 0 && channel <= 255).toBe(true)
})
