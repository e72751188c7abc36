/**
 * Coverage and precision of label extension on real images, without the network's veto:
 * `npx tsx scripts/checks/check-extension.ts --data DIR [--images 16] [--modes context,paper]`, DIR with `images/train/*.jpg` and
 * `labels/train/*.png` (8-bit class index, CamVid's 11 classes, anything above = void).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { decode } from 'fast-png'
import { chromium, type Page } from 'playwright-core'
import { extendLabels, judgeExtension } from '../../src/cpral/label-extension'
import { defaultConfig } from '../../src/cpral/presets'
import type { ExtensionConfig } from '../../src/domain/config'
import { emptyLabels, IGNORE } from '../../src/domain/labels'
import type { Size } from '../../src/domain/size'
import { annotateRegions } from '../../src/loop/oracle'
import { attendToPatches } from '../../src/math/patch-attention'
import { randomStream } from '../../src/math/random'
import { CHROMIUM_ARGUMENTS, ensureBrowser } from '../browser/find-browser'

const CLASS_COUNT = 11
const WINDOW = 60
const SHARES = [0.25, 0.5]

interface Sample {
  rgb: Uint8Array
  truth: Uint8Array
  size: Size
}

/** Decodes a JPEG in a browser page; the bytes travel as base64. */
async function decodeJpeg(page: Page, path: string): Promise<{ rgb: Uint8Array; size: Size }> {
  const { pixels, ...size } = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: 'none' })
    const { height, width } = bitmap
    const context = new OffscreenCanvas(width, height).getContext('2d')
    if (!context) throw new Error('no 2d context')
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    let text = ''
    for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i], data[i + 1], data[i + 2])
    return { height, width, pixels: btoa(text) }
  }, readFileSync(path).toString('base64'))
  return { rgb: new Uint8Array(Buffer.from(pixels, 'base64')), size }
}

/** `count` images spread evenly over the train list. */
async function loadSamples(folder: string, count: number): Promise<Sample[]> {
  const names = readdirSync(join(folder, 'images/train'))
    .filter((name) => name.endsWith('.jpg'))
    .sort()
  const browser = await chromium.launch({ executablePath: ensureBrowser().executable, args: CHROMIUM_ARGUMENTS })
  try {
    const page = await browser.newPage()
    const samples: Sample[] = []
    for (let i = 0; i < count; i++) {
      const name = names[Math.floor((i * names.length) / count)]
      const image = await decodeJpeg(page, join(folder, 'images/train', name))
      const mask = decode(readFileSync(join(folder, 'labels/train', `${basename(name, '.jpg')}.png`)))
      samples.push({ ...image, truth: Uint8Array.from(mask.data, (id) => (id < CLASS_COUNT ? id : IGNORE)) })
    }
    return samples
  } finally {
    await browser.close()
  }
}

/** Extends labels of random windows that together cover `share` of the image. */
async function checkSample({ rgb, truth, size }: Sample, share: number, config: ExtensionConfig, index: number) {
  const labels = emptyLabels(size)
  const stream = randomStream(1, 'check-extension', index)
  const pixels = size.height * size.width
  let labelled = 0
  while (labelled < share * pixels) {
    const window = {
      x: stream.below(size.width - WINDOW + 1),
      y: stream.below(size.height - WINDOW + 1),
      width: WINDOW,
      height: WINDOW,
    }
    labelled += annotateRegions(labels, truth, size, [window], CLASS_COUNT).newPixels
  }
  const input = { ...labels, rgb, size, classCount: CLASS_COUNT, prediction: null, confidence: null }
  const open = truth.filter((id, i) => id !== IGNORE && labels.provenance[i] === 0).length
  const extension = await extendLabels(input, config, async (request) => attendToPatches(request))
  return { ...judgeExtension(extension, truth), open }
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    images: { type: 'string', default: '16' },
    modes: { type: 'string', default: 'context,paper' },
  },
})
if (!values.data) throw new Error('Name the folder of the data: --data DIR')
const samples = await loadSamples(values.data, Number(values.images))
console.log('mode     labelled  threshold  coverage  precision  seconds/image')
for (const mode of values.modes.split(',') as ExtensionConfig['mode'][]) {
  const facts = { format: 'camvid', source: 'folder', trainImages: samples.length, imageSize: samples[0].size } as const
  const { extension } = defaultConfig(facts, 'light', { extension: { mode } })
  for (const share of SHARES) {
    const start = performance.now()
    const checks = await Promise.all(samples.map((sample, i) => checkSample(sample, share, extension, i)))
    const seconds = (performance.now() - start) / 1000 / samples.length
    const sum = (key: keyof (typeof checks)[number]) => checks.reduce((total, check) => total + check[key], 0)
    const coverage = sum('judgedPixels') / sum('open')
    const precision = sum('correctPixels') / sum('judgedPixels')
    const columns = [mode.padEnd(8), `${share * 100}%`.padEnd(9), `${extension.threshold}`.padEnd(10)]
    console.log(...columns, coverage.toFixed(3).padEnd(9), precision.toFixed(3).padEnd(10), seconds.toFixed(2))
  }
}
