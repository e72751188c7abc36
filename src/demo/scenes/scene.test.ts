import { expect, test } from 'vitest'
import { CITYSCAPES_CLASSES } from '../../domain/classes'
import { hashWords } from '../../math/random'
import { generateScene, SCENE_SIZE } from './scene'
import { CLASS } from './world'

const SCENES = Array.from({ length: 36 }, (_, index) => generateScene(1, index))

function digest(bytes: Uint8Array): number {
  return hashWords(...bytes)
}

test('a scene is a function of seed and index, byte for byte', () => {
  const again = generateScene(1, 3)
  expect(digest(again.rgb)).toBe(digest(SCENES[3].rgb))
  expect(digest(again.labels)).toBe(digest(SCENES[3].labels))
  expect(digest(generateScene(2, 3).labels)).not.toBe(digest(again.labels))
  expect(digest(SCENES[4].labels)).not.toBe(digest(again.labels))
})

test('class ids are those of the class table', () => {
  const name = (id: number) => CITYSCAPES_CLASSES[id].name
  expect(
    [CLASS.road, CLASS.light, CLASS.sign, CLASS.terrain, CLASS.rider, CLASS.train, CLASS.bicycle].map(name),
  ).toEqual(['road', 'traffic light', 'traffic sign', 'terrain', 'rider', 'train', 'bicycle'])
})

test('every pixel is labelled; all 19 classes occur in 36 scenes, each in at least two', () => {
  const images = new Array(19).fill(0)
  for (const { rgb, labels } of SCENES) {
    expect([rgb.length, labels.length]).toEqual([
      SCENE_SIZE.height * SCENE_SIZE.width * 3,
      SCENE_SIZE.height * SCENE_SIZE.width,
    ])
    for (const id of new Set(labels)) images[id]++
  }
  expect(images).toHaveLength(19)
  expect(Math.min(...images)).toBeGreaterThanOrEqual(2)
})

test('the imbalance of streets: road, building, vegetation and sky are large, eight classes stay below one percent', () => {
  const shares = new Float64Array(19)
  for (const { labels } of SCENES) for (const id of labels) shares[id] += 1 / labels.length / SCENES.length
  const large = shares[CLASS.road] + shares[CLASS.building] + shares[CLASS.vegetation] + shares[CLASS.sky]
  expect(large).toBeGreaterThan(0.7)
  for (const kind of ['light', 'sign', 'person', 'rider', 'truck', 'bus', 'motorcycle', 'bicycle'] as const) {
    expect(shares[CLASS[kind]]).toBeLessThan(0.011)
    expect(shares[CLASS[kind]]).toBeGreaterThan(0.0004)
  }
})

// A net that only saw colours would do badly: the nearest class mean is right on few of the small things.
test('colour alone does not tell the classes apart', () => {
  const sums = Array.from({ length: 19 }, () => [0, 0, 0, 0])
  for (const { rgb, labels } of SCENES) {
    labels.forEach((id, i) => {
      for (let k = 0; k < 3; k++) sums[id][k] += rgb[i * 3 + k]
      sums[id][3]++
    })
  }
  const means = sums.map(([red, green, blue, count]) => [red / count, green / count, blue / count])
  let right = 0
  let total = 0
  for (const { rgb, labels } of SCENES.slice(0, 6)) {
    labels.forEach((id, i) => {
      const distances = means.map((mean) => mean.reduce((sum, value, k) => sum + (value - rgb[i * 3 + k]) ** 2, 0))
      if (distances.indexOf(Math.min(...distances)) === id) right++
      total++
    })
  }
  expect(right / total).toBeLessThan(0.35)
})

test('another size is the same street, drawn larger', () => {
  const { rgb, labels } = generateScene(1, 3, { height: 64, width: 128 })
  expect([rgb.length, labels.length]).toEqual([64 * 128 * 3, 64 * 128])
  let same = 0
  labels.forEach((id, i) => {
    const row = Math.floor(i / 128)
    if (SCENES[3].labels[row * 2 * 256 + (i % 128) * 2] === id) same++
  })
  expect(same / labels.length).toBeGreaterThan(0.9)
})
