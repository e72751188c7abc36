/** The loop with a person in place of the oracle, on a run in memory. */
import { describe, expect, it } from 'vitest'
import { countLabelled, emptyLabels, isLabelled, PROVENANCE } from '../src/domain/labels'
import {
  configOf,
  type Disk,
  emptyDisk,
  execute,
  labelledPixels,
  orderOf,
  outcome,
  PIXELS,
  roundsOf,
  SIZE,
  truthOf,
} from './support/memory-run'

describe('a run that a person answers', () => {
  const personDisk = () => emptyDisk({ ...configOf('cpral'), annotator: 'person' })
  /** Labels regions as the ground truth has them. */
  const label = (disk: Disk, imageId: string, areas: { x: number; y: number; width: number; height: number }[]) => {
    const empty = { classes: new Uint8Array(PIXELS).fill(255), provenance: new Uint8Array(PIXELS) }
    const { classes, provenance } = disk.people.get(imageId) ?? empty
    for (const { x, y, width, height } of areas) {
      for (let i = 0; i < width * height; i++) {
        const at = (y + Math.floor(i / width)) * SIZE.width + x + (i % width)
        classes[at] = truthOf(orderOf(imageId))[at]
        provenance[at] = PROVENANCE.human
      }
    }
    disk.people.set(imageId, { classes, provenance })
  }
  const answer = (disk: Disk) => {
    const { regions } = roundsOf(disk).at(-1) ?? { regions: [] }
    for (const region of regions) label(disk, region.imageId, [region])
  }
  const begin = (disk: Disk) => {
    label(disk, 'train-3', [{ x: 0, y: 0, ...SIZE }])
    label(disk, 'train-8', [{ x: 4, y: 4, width: 20, height: 20 }])
  }

  it('waits for the first labels, then for each round its regions, without ground truth', async () => {
    const disk = personDisk()
    await execute(disk)
    expect([disk.run.status, disk.run.round, disk.rounds.size]).toEqual(['waiting', 0, 0])
    begin(disk)
    for (let round = 1; round < 4; round++) {
      await execute(disk)
      expect([disk.run.status, disk.run.round, disk.run.stage]).toEqual(['waiting', round, 'annotate'])
      const asked = roundsOf(disk).at(-1)
      expect(asked?.regions).toHaveLength(48)
      expect(asked?.evaluation).toBeNull()
      for (const { imageId } of asked?.regions ?? []) {
        expect(disk.layers.get(`${round}/${imageId}`)?.prediction).toHaveLength(PIXELS)
      }
      // Regions are chosen where the committee is less sure than on the whole.
      expect(asked?.entropyShare?.chosen).toBeGreaterThan(asked?.entropyShare?.subset ?? Number.POSITIVE_INFINITY)
      answer(disk)
    }
    await execute(disk)
    expect(disk.run.status).toBe('done')
    expect(labelledPixels(disk)).toEqual([0, 1, 2, 3].map((k) => PIXELS + 400 + k * 2 * PIXELS))
    for (const { index, answer: given, extension } of roundsOf(disk).slice(0, 3)) {
      expect(given?.newPixels).toBe(2 * PIXELS)
      const images = new Set(disk.rounds.get(index)?.regions.map(({ imageId }) => imageId))
      expect(new Set(given?.images)).toEqual(images)
      expect(extension?.addedPixels).toBeGreaterThan(0)
      expect(extension?.judgedPixels).toBe(0)
    }
  })

  it('counts on how many new pixels the network had agreed, void left out', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    answer(disk)
    const { regions } = roundsOf(disk)[0]
    const layers = new Map([...disk.layers.values()].map((entry) => [entry.imageId, entry.prediction]))
    let [judged, agreeing] = [0, 0]
    for (const { imageId, x, y, width, height } of regions) {
      for (let i = 0; i < width * height; i++) {
        const at = (y + Math.floor(i / width)) * SIZE.width + x + (i % width)
        const truth = truthOf(orderOf(imageId))[at]
        if (truth === 255) continue
        judged++
        if (layers.get(imageId)?.[at] === truth) agreeing++
      }
    }
    // Somebody accepts, in one of the regions, what the network suggests where it is right.
    let accepted = 0
    const [{ imageId, x, y }] = regions
    const labels = disk.people.get(imageId)
    for (let i = y * SIZE.width + x; labels && i < y * SIZE.width + x + 8; i++) {
      if (labels.classes[i] === 255 || layers.get(imageId)?.[i] !== labels.classes[i]) continue
      labels.provenance[i] = PROVENANCE.accepted
      accepted++
    }
    expect(accepted).toBeGreaterThan(0)
    await execute(disk)
    expect(roundsOf(disk)[0].answer).toMatchObject({
      judgedPixels: judged,
      agreeingPixels: agreeing,
      byHand: { judgedPixels: judged - accepted, agreeingPixels: agreeing - accepted },
    })
    expect(agreeing).toBeGreaterThan(0)
    expect(agreeing).toBeLessThan(judged)
  })

  it('names the images of which it could not read all labels, and goes on', async () => {
    const disk = personDisk()
    begin(disk)
    disk.damaged.add('train-8')
    await execute(disk)
    expect([disk.run.status, disk.run.damagedLabels]).toEqual(['waiting', ['train/8']])
    answer(disk)
    // Mended since, which does not bring back what was lost; another one is damaged.
    disk.damaged = new Set(['train-3'])
    await execute(disk)
    expect([disk.run.round, disk.run.damagedLabels]).toEqual([2, ['train/8', 'train/3']])
    expect(disk.labels.get('train-8')).not.toHaveProperty('isDamaged')
  })

  it('says nothing of damage where there is none', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    expect(disk.run).not.toHaveProperty('damagedLabels')
  })

  it('takes corrections of older labels, and never what extension added for a label', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    answer(disk)
    const corrected = disk.people.get('train-3')
    corrected?.classes.fill(2, 0, 10)
    await execute(disk)
    expect([...(disk.labels.get('train-3')?.classes.subarray(0, 10) ?? [])]).toEqual(Array(10).fill(2))
    expect(roundsOf(disk)[0].answer?.images).toContain('train-3')
    for (const [imageId, { classes, provenance }] of disk.labels) {
      for (let i = 0; i < PIXELS; i++) {
        const given = disk.people.get(imageId)
        const isGiven = given?.provenance[i] === PROVENANCE.human
        expect(provenance[i] === PROVENANCE.human).toBe(isGiven)
        if (isGiven) expect(classes[i]).toBe(given.classes[i])
      }
    }
  })

  it('takes an image out of D whose labels were all taken back, whatever was refused there', async () => {
    const disk = personDisk()
    begin(disk)
    await execute(disk)
    expect(roundsOf(disk)[0].trainImages).toEqual(['train-3', 'train-8'])
    answer(disk)
    const taken = disk.people.get('train-8')
    taken?.classes.fill(255)
    taken?.provenance.fill(PROVENANCE.none).fill(PROVENANCE.rejected, 0, 50)
    await execute(disk)
    const [first, second] = roundsOf(disk)
    expect(first.answer?.images).toContain('train-8')
    expect(second.trainImages).toContain('train-3')
    expect(second.trainImages).not.toContain('train-8')
    expect(second.labelledPixels).toBe(PIXELS + 2 * PIXELS)
  })

  it('keeps what was refused beside labels: extension leaves it alone, and it pays for nothing', async () => {
    const disk = personDisk()
    begin(disk)
    const refusing = disk.people.get('train-8') ?? emptyLabels(SIZE)
    const refused = Array.from({ length: 300 }, (_, i) => i).filter((i) => !isLabelled(refusing.provenance[i]))
    for (const i of refused) refusing.provenance[i] = PROVENANCE.rejected
    await execute(disk)
    expect(roundsOf(disk)[0].labelledPixels).toBe(PIXELS + 400)
    answer(disk)
    // What extension is to spread from: a change in the image.
    label(disk, 'train-8', [{ x: 24, y: 4, width: 2, height: 20 }])
    await execute(disk)
    const { classes, provenance } = disk.labels.get('train-8') ?? emptyLabels(SIZE)
    expect(countLabelled(provenance)).toBeGreaterThanOrEqual(440)
    for (const i of refused) {
      if (isLabelled(provenance[i])) continue
      expect([classes[i], provenance[i]]).toEqual([255, PROVENANCE.rejected])
    }
  })

  it('ends the same when it is killed anywhere', async () => {
    const live = async (onWrite: () => void, tries: number) => {
      const disk = personDisk()
      begin(disk)
      let kills = 0
      while (disk.run.status !== 'done') {
        if (disk.run.status === 'waiting') answer(disk)
        await execute(disk, onWrite).catch((error: Error) => expect(error.message).toBe('killed'))
        expect(++kills).toBeLessThan(tries)
      }
      return disk
    }
    const whole = await live(() => {}, 6)
    let left = 11
    let life = 0
    const killed = await live(() => {
      if (left-- > 0) return
      left = 9 + ((++life * 7) % 23)
      throw new Error('killed')
    }, 100)
    expect(life).toBeGreaterThan(5)
    expect(outcome(killed)).toEqual(outcome(whole))
  }, 30_000)
})
