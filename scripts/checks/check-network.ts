/**
 * `tsx scripts/checks/check-network.ts DIR`: trains the `light` net for a moment, saves it as a person would, and puts what
 * `tests/reference/check_network.py DIR` needs to run it in PyTorch beside it: the validation images and the confusion measured here.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigOverrides } from '../../src/cpral/presets'
import { ensureBrowser } from '../browser/find-browser'
import { goTo, openBrowser } from '../browser/open-browser'

const SIZE = { height: 64, width: 128 }
const SHORT: ConfigOverrides = {
  size: SIZE,
  training: { epochs: 8 },
  monteCarlo: { passes: 2 },
  selection: { rounds: 1, initialImages: 8, panopticSize: 3, budgetImages: 1, regionSide: 16 },
}

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('Usage: tsx scripts/checks/check-network.ts DIR')
const profile = mkdtempSync(join(tmpdir(), 'cpral-studio-network-'))
const { executable } = ensureBrowser()
const { page, close } = await openBrowser({ executable, profile, engine: 'wasm', webgpu: 'off' })
try {
  const facts = await page.evaluate(
    async ({ size, overrides }) => {
      const { data, compute, defaultConfig, factsOf } = studio
      const { signal } = new AbortController()
      const project = await data.createDemo({ images: 12, validationImages: 4, seed: 3 }, () => {}, signal)
      const config = defaultConfig(factsOf(project, { height: 128, width: 256 }), 'light', overrides)
      const run = await compute.createRun({ projectId: project.id, config })
      await compute.run({ runId: run.id }, () => {}, signal)
      const context = new OffscreenCanvas(size.width, size.height).getContext('2d')
      const images = (await data.listImages({ projectId: project.id })).filter(({ split }) => split === 'val')
      const rgb: number[] = []
      const truth: number[] = []
      for (const { id } of images) {
        context?.drawImage(await data.image({ imageId: id, size }), 0, 0)
        const pixels = context?.getImageData(0, 0, size.width, size.height).data ?? []
        for (let i = 0; i < pixels.length; i += 4) rgb.push(pixels[i], pixels[i + 1], pixels[i + 2])
        truth.push(...((await data.groundTruth({ imageId: id, size })) ?? []))
      }
      const [round] = await data.rounds({ runId: run.id })
      const place = `#/project/${project.id}/run/${run.id}`
      return { place, size, images: images.length, rgb, truth, confusion: round.evaluation?.confusion }
    },
    { size: SIZE, overrides: SHORT },
  )
  await goTo(page, facts.place)
  const download = page.waitForEvent('download')
  await page.getByTestId('save-network').click()
  mkdirSync(folder, { recursive: true })
  await (await download).saveAs(join(folder, 'network.safetensors'))
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts))
  console.log(`The network and ${facts.images} images are in ${folder}.`)
} finally {
  await close()
  rmSync(profile, { recursive: true, force: true })
}
