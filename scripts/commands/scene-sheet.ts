/** Writes a contact sheet of demo scenes and their labels: `npx tsx scripts/commands/scene-sheet.ts [file] [seed] [first] [count]`. */
import { writeFileSync } from 'node:fs'
import { encode } from 'fast-png'
import { generateScene, SCENE_SIZE } from '../../src/demo/scenes/scene'
import { CITYSCAPES_CLASSES } from '../../src/domain/classes'

const [file = 'scene-sheet.png', seed = '1', first = '0', count = '12'] = process.argv.slice(2)
const COLUMNS = 2
const { height, width } = SCENE_SIZE
const rows = Math.ceil(Number(count) / COLUMNS)
const sheet = { height: rows * height, width: COLUMNS * width * 2 }
const data = new Uint8Array(sheet.height * sheet.width * 3)

const shares = new Float64Array(CITYSCAPES_CLASSES.length)
const startedAt = performance.now()
const scenes = Array.from({ length: Number(count) }, (_, i) => generateScene(Number(seed), Number(first) + i))
const milliseconds = (performance.now() - startedAt) / scenes.length

scenes.forEach(({ rgb, labels }, i) => {
  const top = Math.floor(i / COLUMNS) * height
  const left = (i % COLUMNS) * width * 2
  labels.forEach((label, p) => {
    shares[label] += 1 / labels.length / scenes.length
    const at = ((top + Math.floor(p / width)) * sheet.width + left + (p % width)) * 3
    data.set(rgb.subarray(p * 3, p * 3 + 3), at)
    data.set(CITYSCAPES_CLASSES[label].color, at + width * 3)
  })
})
writeFileSync(file, encode({ ...sheet, data, channels: 3, depth: 8 }))
process.stdout.write(`${file}: ${scenes.length} scenes, ${milliseconds.toFixed(1)} ms each\n`)
CITYSCAPES_CLASSES.forEach(({ name }, id) => {
  const images = scenes.filter(({ labels }) => labels.includes(id)).length
  process.stdout.write(
    `${name.padEnd(14)} ${(shares[id] * 100).toFixed(2).padStart(6)}% of pixels, in ${images} images\n`,
  )
})
