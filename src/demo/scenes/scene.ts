/**
 * Seeded street scenes with exact labels: the 19 Cityscapes classes with their imbalance, in perspective, under
 * changing light. A scene is a pure function of (seed, index, size) and the same bytes on every machine.
 */
import type { Size } from '../../domain/size'
import { hashString, hashWords, type RandomStream, randomStream } from '../../math/random'
import { drawGround, drawSky, drawSkyline, FAR_AWAY, RAILS, type RoadPlan } from './backdrop'
import { drawBuildings, drawFence, drawWall } from './buildings'
import { type Air, SceneCanvas } from './canvas'
import { drawLamp, drawSign, drawTrafficLight } from './furniture'
import { drawMood, type Mood } from './mood'
import { latticeNoise } from './noise'
import { drawBicycle, drawMotorcycle, drawPerson } from './people'
import { drawBush, drawTree } from './plants'
import { drawBus, drawCar, drawTram, drawTruck } from './vehicles'
import { between, makeCamera, type Side, type World } from './world'

export const SCENE_SIZE: Size = { height: 128, width: 256 }

export interface Scene {
  /** H*W*3 bytes. */
  rgb: Uint8Array
  /** H*W class ids (Cityscapes trainIds). */
  labels: Uint8Array
}

/** Something that stands in the street, drawn from far to near. */
interface Prop {
  /** Metres ahead; of long things the near end, because things beside them are further out and hidden by them. */
  z: number
  draw: () => void
}

/** Added to the distance of things beyond the sidewalk, so that they are drawn before walls and fences. */
const BEHIND = 1000

export function generateScene(seed: number, index: number, size: Size = SCENE_SIZE): Scene {
  const random = randomStream(seed, 'street-scene', index)
  const hasTram = isTurn(seed, index, 'tram', 9)
  const mood = drawMood(random)
  const world: World = {
    canvas: new SceneCanvas(size, makeAir(mood)),
    camera: makeCamera(size, random),
    mood,
    random,
    noiseSeed: hashWords(seed, index) | 0,
    left: makeSide(random, -1, hasTram ? 7.4 : between(random, 3.4, 7.2)),
    right: makeSide(random, 1, between(random, 2.9, 5)),
  }
  const plan = makePlan(world, hasTram)
  drawSky(world)
  drawSkyline(world)
  drawGround(world, plan)
  drawBuildings(world, world.left)
  drawBuildings(world, world.right)
  const props = [
    ...sideProps(world, world.left),
    ...sideProps(world, world.right),
    ...traffic(world, plan, seed, index),
  ]
  props.sort((a, b) => b.z - a.z)
  for (const { draw } of props) draw()
  return develop(world)
}

/**
 * True for one scene in `period` consecutive ones, so that every class comes up in any pool of a few dozen images;
 * `period` of them are never all alike, because each kind has its own turn.
 */
function isTurn(seed: number, index: number, kind: string, period: number): boolean {
  const block = Math.floor(index / period)
  return index % period === hashWords(seed, hashString(kind), block) % period
}

function makeSide(random: RandomStream, sign: -1 | 1, curb: number): Side {
  const walkEnd = curb + between(random, 1.6, 3.4)
  const hasVerge = random.next() < 0.5
  return {
    sign,
    curb,
    walkEnd,
    hasVerge,
    buildingLine: walkEnd + (hasVerge ? between(random, 2, 9) : between(random, 0.1, 1)),
  }
}

function makePlan({ left, right, random }: World, hasRails: boolean): RoadPlan {
  const middle = (right.curb - left.curb) / 2
  const lanes = left.curb > 4.2 ? [hasRails ? -1.8 : Math.min(middle, -1.5)] : []
  return { lanes, crosswalk: random.next() < 0.3 ? between(random, 7, 16) : null, hasRails }
}

/** Everything that lines one side: trees, posts, people, parked things, walls and fences. */
function sideProps(world: World, side: Side): Prop[] {
  const { random } = world
  const props: Prop[] = []
  const add = (z: number, draw: () => void) => props.push({ z, draw })
  const atCurb = () => side.sign * (side.curb + between(random, 0.35, 0.7))
  const onWalk = () => side.sign * between(random, side.curb + 0.6, side.walkEnd - 0.2)
  const barrier = random.next()
  if (barrier < 0.3) {
    const near = between(random, 4, 15)
    const far = near + between(random, 12, 40)
    add(far, () => (barrier < 0.13 ? drawWall : drawFence)(world, side, near, far))
  }
  if (random.next() < 0.6) {
    const x = side.hasVerge ? side.sign * (side.walkEnd + 1.2) : atCurb()
    const spacing = between(random, 7, 14)
    for (let z = between(random, 7, 16); z < 90; z += spacing * between(random, 0.8, 1.5))
      add(z, () => drawTree(world, x, z))
  }
  for (let i = random.below(side.hasVerge ? 7 : 2); i > 0; i--) {
    const z = between(random, 8, 50)
    const x = side.sign * (side.buildingLine - between(random, 0.2, 1.2))
    add(z + BEHIND, () => drawBush(world, x, z))
  }
  const lampX = atCurb()
  if (random.next() < 0.65) {
    for (let z = between(random, 9, 24); z < 80; z += between(random, 18, 28)) add(z, () => drawLamp(world, lampX, z))
  }
  for (let i = random.next() < 0.5 ? 1 + random.below(2) : 0; i > 0; i--) {
    const [x, z] = [atCurb(), between(random, 6.5, 28)]
    add(z, () => drawSign(world, x, z))
  }
  if (random.next() < 0.3) {
    const [x, z] = [atCurb(), between(random, 9, 24)]
    add(z, () => drawTrafficLight(world, x, z))
  }
  for (let i = random.below(4); i > 0; i--) {
    const [x, z] = [onWalk(), between(random, 6, 40)]
    add(z, () => drawPerson(world, x, z))
    if (random.next() < 0.3) add(z + 0.2, () => drawPerson(world, x + 0.6, z + 0.2))
  }
  if (random.next() < 0.14) {
    const [x, z] = [onWalk(), between(random, 6.5, 16)]
    for (let i = random.below(3); i >= 0; i--)
      add(z + i * 0.8, () => drawBicycle(world, x + i * 0.25, z + i * 0.8, false))
  }
  if (random.next() < 0.55) addParkedCars(world, side, add)
  return props
}

function addParkedCars(world: World, side: Side, add: (z: number, draw: () => void) => void): void {
  const { random } = world
  const x = side.sign * (side.curb - 1.05)
  for (let z = between(random, 6, 16); z < 70; z += between(random, 5.2, 12)) {
    if (random.next() < 0.3) continue
    add(z, () => drawCar(world, { x, z, showsRear: side.sign > 0 || random.next() < 0.3 }))
  }
}

/** Everything that moves on the road. Some of it comes in turn, so that rare classes are rare but never missing. */
function traffic(world: World, { crosswalk, hasRails }: RoadPlan, seed: number, index: number): Prop[] {
  const { random, left } = world
  const props: Prop[] = []
  const own = () => between(random, -0.5, 0.7)
  const oncoming = () => -Math.min(left.curb - 1.2, between(random, 2.6, 3.4))
  const isOwn = () => left.curb < 4.4 || random.next() < 0.55
  const add = (near: number, draw: (stand: { x: number; z: number; showsRear: boolean }) => void) => {
    const showsRear = isOwn()
    const stand = { x: showsRear ? own() : oncoming(), z: near, showsRear }
    props.push({ z: near, draw: () => draw(stand) })
  }
  let ahead = between(random, 9, 22)
  for (let i = random.below(4); i > 0; i--) {
    add(ahead, (stand) => drawCar(world, stand))
    ahead += between(random, 7, 18)
  }
  if (isTurn(seed, index, 'truck', 6)) add(between(random, 11, 26), (stand) => drawTruck(world, stand))
  if (isTurn(seed, index, 'bus', 6)) add(between(random, 11, 28), (stand) => drawBus(world, stand))
  const anywhere = () => between(random, -left.curb + 0.8, world.right.curb - 0.6)
  if (isTurn(seed, index, 'cyclist', 4)) {
    const [x, z] = [anywhere(), between(random, 6, 15)]
    props.push({ z, draw: () => drawBicycle(world, x, z, true) })
  }
  if (isTurn(seed, index, 'motorcyclist', 6)) {
    const [x, z] = [anywhere(), between(random, 6, 15)]
    props.push({ z, draw: () => drawMotorcycle(world, x, z, true) })
  }
  if (isTurn(seed, index, 'motorcycle', 8)) {
    const [x, z] = [world.right.curb + 0.9, between(random, 6, 12)]
    props.push({ z, draw: () => drawMotorcycle(world, x, z, false) })
  }
  if (hasRails) {
    const z = between(random, 8, 24)
    props.push({ z, draw: () => drawTram(world, { x: -RAILS, z, showsRear: false }) })
  }
  if (crosswalk !== null) {
    for (let i = random.below(3); i > 0; i--) {
      const [x, z] = [anywhere(), crosswalk + between(random, 0.5, 2.5)]
      props.push({ z, draw: () => drawPerson(world, x, z) })
    }
  }
  return props
}

/** Lens and sensor: darker corners, grain. */
function develop({ canvas, mood, noiseSeed }: World): Scene {
  const { height, width } = canvas.size
  const grain = 0.016 + 0.02 * mood.lamps
  return canvas.resolve((x, y, ink) => {
    const dx = x / width - 0.5
    const dy = y / height - 0.5
    const corner = 1 - 0.42 * (dx * dx + dy * dy)
    for (let k = 0; k < 3; k++) {
      const noise = latticeNoise(noiseSeed + k, x, y) + latticeNoise(noiseSeed + k + 10, x, y) - 1
      ink[k] = ink[k] * corner + grain * noise
    }
  })
}

/** Haze with distance: 1 - 1 / (1 + d z + (d z)^2 / 2), close to 1 - exp(-d z). The sky has none: it is the haze. */
function makeAir({ haze, hazeDensity }: Mood): Air {
  const veil = (depth: number) => {
    const t = depth * hazeDensity
    return depth >= FAR_AWAY ? 0 : 1 - 1 / (1 + t + (t * t) / 2)
  }
  return { color: haze, veil }
}
