/** Objects on posts along a street: lamps, traffic lights, signs. */
import type { Rgb } from './canvas'
import { box, type Corner, outline } from './outline'
import { between, CLASS, facing, lit, mixRgb, pick, pixelsPerMetre, project, type World } from './world'

const STEEL: Rgb = [0.42, 0.43, 0.44]

function drawPost(world: World, x: number, z: number, height: number, thickness: number, color: Rgb = STEEL): void {
  const scale = pixelsPerMetre(world, z)
  const width = Math.max(thickness * scale, 0.9)
  const foot = project(world, x, 0, z)
  const top = project(world, x, height, z)
  const body = lit(world, color, facing(world, 'camera'))
  world.canvas.rectangle(foot.x - width / 2, top.y, foot.x + width / 2, foot.y, {
    paint: (px, _y, ink) => {
      const across = (px - foot.x) / width + 0.5
      const round = 0.75 + 0.5 * (world.mood.sunSide < 0 ? 1 - across : across)
      for (let k = 0; k < 3; k++) ink[k] = body[k] * round
    },
    label: CLASS.pole,
    depth: z,
  })
}

/** A street lamp whose arm hangs over the road. */
export function drawLamp(world: World, x: number, z: number): void {
  const { canvas, mood, random } = world
  const height = between(random, 5.5, 8)
  const scale = pixelsPerMetre(world, z)
  const arm = x > 0 ? -1.6 : 1.6
  drawPost(world, x, z, height, 0.16)
  const ink = { paint: lit(world, STEEL, 0.4), label: CLASS.pole, depth: z }
  const tip = project(world, x + arm, height + 0.2, z)
  canvas.line(project(world, x, height, z), tip, Math.max(0.1 * scale, 0.7), ink)
  const glow: Rgb = mood.lamps > 0.2 ? [1, 0.93, 0.7] : [0.72, 0.73, 0.72]
  canvas.ellipse(tip, Math.max(0.4 * scale, 0.9), Math.max(0.14 * scale, 0.6), { ...ink, paint: glow })
}

const SIGNAL: Rgb[] = [
  [0.95, 0.16, 0.1],
  [0.98, 0.72, 0.12],
  [0.15, 0.85, 0.45],
]

/** A traffic light on its own post, or hung from an arm over the road. */
export function drawTrafficLight(world: World, x: number, z: number): void {
  const { random } = world
  const height = between(random, 2.6, 3.4)
  const active = random.below(3)
  drawPost(world, x, z, height + 0.9, 0.14)
  drawSignal(world, x, height, z, active)
  if (random.next() < 0.4) {
    const arm = x > 0 ? x - 3.2 : x + 3.2
    const steel = { paint: lit(world, STEEL, 0.4), label: CLASS.pole, depth: z }
    drawPost(world, x, z, 5.6, 0.16)
    world.canvas.line(
      project(world, x, 5.5, z),
      project(world, arm, 5.6, z),
      Math.max(0.12 * pixelsPerMetre(world, z), 0.8),
      steel,
    )
    drawSignal(world, arm, 4.7, z, active)
  }
}

function drawSignal(world: World, x: number, bottom: number, z: number, active: number): void {
  const { canvas } = world
  const scale = pixelsPerMetre(world, z)
  const from = project(world, x - 0.24, bottom + 1.05, z)
  const to = project(world, x + 0.24, bottom, z)
  const ink = { paint: lit(world, [0.13, 0.14, 0.14], 0.3), label: CLASS.light, depth: z }
  canvas.rectangle(from.x, from.y, to.x, to.y, ink)
  SIGNAL.forEach((color, i) => {
    const center = project(world, x, bottom + 0.87 - i * 0.33, z)
    const paint: Rgb = i === active ? color : mixRgb([0.1, 0.1, 0.1], color, 0.18)
    canvas.ellipse(center, 0.13 * scale, 0.13 * scale, { ...ink, paint })
  })
}

/** One layer of a sign, in units of its radius: a disc, or an outline with y up. */
type Layer = { color: Rgb } & ({ disc: number } | { shape: Corner[] })

const RED: Rgb = [0.8, 0.1, 0.1]
const WHITE: Rgb = [0.93, 0.93, 0.9]
const BLACK: Rgb = [0.12, 0.12, 0.12]

const WARNING: Layer[] = [
  { color: RED, shape: outline('0 1.15, 1.15 -.86, -1.15 -.86') },
  { color: WHITE, shape: outline('0 .7, .7 -.53, -.7 -.53') },
  { color: BLACK, shape: box(-0.08, -0.25, 0.08, 0.3) },
]
const LIMIT: Layer[] = [
  { color: RED, disc: 1 },
  { color: WHITE, disc: 0.72 },
  { color: BLACK, shape: box(-0.3, -0.3, -0.05, 0.25) },
  { color: BLACK, shape: box(0.08, -0.3, 0.35, 0.25) },
]
const ORDER: Layer[] = [
  { color: [0.1, 0.28, 0.68], disc: 1 },
  { color: WHITE, shape: box(-0.14, -0.5, 0.14, 0.5) },
]
const STOP: Layer[] = [
  {
    color: RED,
    shape: outline('.43 1.05, 1.05 .43, 1.05 -.43, .43 -1.05, -.43 -1.05, -1.05 -.43, -1.05 .43, -.43 1.05'),
  },
  { color: WHITE, shape: box(-0.65, -0.18, 0.65, 0.18) },
]
const BOARD: Layer[] = [
  { color: [0.9, 0.78, 0.16], shape: box(-1.9, -0.7, 1.9, 0.8) },
  { color: BLACK, shape: box(-1.5, 0.15, 1.2, 0.4) },
  { color: BLACK, shape: box(-1.5, -0.35, 0.7, -0.1) },
]

/** A traffic sign on a post; some posts carry two. */
export function drawSign(world: World, x: number, z: number): void {
  const { random } = world
  const height = between(random, 2, 2.6)
  const hasTwo = random.next() < 0.25
  drawPost(world, x, z, height + (hasTwo ? 1.4 : 0.75), 0.08, [0.55, 0.56, 0.57])
  drawPlate(world, x, height + 0.4, z, pick(random, [WARNING, LIMIT, ORDER, STOP, BOARD]))
  if (hasTwo) drawPlate(world, x, height + 1.15, z, pick(random, [WARNING, LIMIT, ORDER]))
}

function drawPlate(world: World, x: number, y: number, z: number, layers: Layer[]): void {
  const center = project(world, x, y, z)
  const radius = Math.max(0.36 * pixelsPerMetre(world, z), 1.1)
  const light = facing(world, 'camera') * 0.6 + 0.4
  for (const layer of layers) {
    const ink = { paint: lit(world, layer.color, light), label: CLASS.sign, depth: z }
    if ('disc' in layer) world.canvas.ellipse(center, radius * layer.disc, radius * layer.disc, ink)
    else {
      const corners = layer.shape.map(([dx, dy]) => ({ x: center.x + dx * radius, y: center.y - dy * radius }))
      world.canvas.polygon(corners, ink)
    }
  }
}
