/** What the tests of runs on failing engines share: a small project, short runs, and a hold on the devices. */
import type { CpralConfig } from '../cpral/config'
import { type ConfigOverrides, defaultConfig } from '../cpral/presets'
import { dataService } from '../data/data-service'
import type { ComputeApi } from '../rpc/contract'
import type { RoundRecord, RunRecord } from '../storage/schema'

export const data = dataService()

/** Two rounds on eight small scenes: every stage runs once, and training twice. */
const SHORT: ConfigOverrides = {
  seed: 5,
  size: { height: 32, width: 64 },
  training: { epochs: 2 },
  monteCarlo: { passes: 2 },
  selection: { rounds: 2, initialImages: 4, panopticSize: 3, budgetImages: 1, regionSide: 8 },
}

/** Makes the small project and a run on it. */
export async function createShortRun(compute: ComputeApi, overrides: ConfigOverrides = {}): Promise<RunRecord> {
  const request = { images: 8, validationImages: 2, seed: 3 }
  const project = await data.createDemo(request, () => {}, new AbortController().signal)
  const facts = { ...project, trainImages: project.counts.train, imageSize: { height: 128, width: 256 } }
  const config: CpralConfig = defaultConfig(facts, 'tiny', {
    ...SHORT,
    ...overrides,
    training: { ...SHORT.training, ...overrides.training },
  })
  return compute.createRun({ projectId: project.id, config })
}

/** What a run came to, without wall times and its own id. */
export async function outcomeOf(runId: string): Promise<unknown> {
  const rounds = (await data.rounds({ runId })).map(({ seconds: _s, runId: _r, ...rest }: RoundRecord) => rest)
  const labels = []
  for (const { imageId } of await data.labelShares({ runId })) {
    const record = await data.labels({ runId, imageId })
    labels.push([imageId, record?.classes.join(' '), record?.provenance.join(' ')])
  }
  return { rounds, labels: labels.sort() }
}

/** Every GPUDevice that is opened from now on, the latest last. */
export function watchDevices(): GPUDevice[] {
  const devices: GPUDevice[] = []
  const { requestDevice } = GPUAdapter.prototype
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...request) {
    const device = await requestDevice.apply(this, request)
    devices.push(device)
    return device
  }
  return devices
}
