/** People on foot, riders, bicycles and motorcycles. */
import { drawContactShadow } from './backdrop'
import type { Ink, Point, Rgb } from './canvas'
import { type Corner, outline } from './outline'
import { between, CLASS, facing, lit, mixRgb, pick, pixelsPerMetre, project, varied, type World } from './world'

const SKIN: Rgb[] = [
  [0.86, 0.66, 0.54],
  [0.72, 0.52, 0.4],
  [0.5, 0.34, 0.25],
  [0.36, 0.24, 0.18],
]

const CLOTHES: Rgb[] = [
  [0.12, 0.12, 0.14],
  [0.2, 0.26, 0.4],
  [0.55, 0.14, 0.14],
  [0.72, 0.7, 0.66],
  [0.35, 0.38, 0.28],
  [0.8, 0.6, 0.16],
  [0.45, 0.45, 0.47],
  [0.2, 0.42, 0.44],
  [0.75, 0.4, 0.5],
]

/** A drawing frame: metres right and up of a point on the ground at distance z, to pixels. */
interface Frame {
  at: (x: number, y: number) => Point
  scale: number
  ink: (color: Rgb) => Ink
}

function makeFrame(world: World, x: number, z: number, label: number, size = 1): Frame {
  const foot = project(world, x, 0, z)
  const scale = pixelsPerMetre(world, z) * size
  const light = 0.25 + 0.6 * facing(world, 'camera')
  return {
    at: (dx, dy) => ({ x: foot.x + dx * scale, y: foot.y - dy * scale }),
    scale,
    ink: (color) => ({ paint: lit(world, color, light), label, depth: z }),
  }
}

export function drawPerson(world: World, x: number, z: number): void {
  const { canvas, random, mood } = world
  const size = random.next() < 0.12 ? between(random, 0.6, 0.75) : between(random, 0.92, 1.08)
  const { at, scale, ink } = makeFrame(world, x, z, CLASS.person, size)
  const trousers = ink(varied(random, pick(random, CLOTHES), 0.08))
  const coat = varied(random, pick(random, CLOTHES), 0.1)
  const top = ink(coat)
  const skin = ink(pick(random, SKIN))
  const stride = between(random, 0.04, 0.24)
  const lean = between(random, -0.04, 0.04)
  drawContactShadow(world, x, z - 0.1, 0.7 * size, 0.4)
  const shoe = ink([0.1, 0.09, 0.09])
  for (const step of [-stride, stride]) {
    canvas.line(at(step * 0.35, 0.88), at(step, 0.06), Math.max(0.17 * scale, 0.8), trousers)
    canvas.ellipse(at(step + 0.04, 0.04), 0.12 * scale, 0.055 * scale, shoe)
  }
  const hem = random.next() < 0.25 ? 0.55 : 0.8
  canvas.polygon(
    [at(-0.2, 1.44), at(0.2 + lean, 1.44), at(0.24, 1.3), at(0.19, hem), at(-0.19, hem), at(-0.24, 1.3)],
    top,
  )
  const arm = ink(mixRgb(coat, [0, 0, 0], 0.18))
  for (const reach of [-1, 1]) {
    canvas.line(at(reach * 0.23, 1.38), at(reach * (0.27 + stride * 0.4), 0.86), Math.max(0.1 * scale, 0.6), arm)
    canvas.ellipse(at(reach * (0.27 + stride * 0.4), 0.83), 0.05 * scale, 0.06 * scale, skin)
  }
  drawHead(world, { at, scale, ink }, lean, 1.6, skin)
  if (random.next() < 0.25)
    canvas.rectangle(at(0.2, 1.1).x, at(0, 1.05).y, at(0.38, 1).x, at(0, 0.72).y, ink(pick(random, CLOTHES)))
  if (mood.wetness > 0.5 && random.next() < 0.6) drawUmbrella(world, { at, scale, ink })
}

function drawHead(world: World, { at, scale, ink }: Frame, x: number, y: number, skin: Ink): void {
  const hair = pick(world.random, [
    [0.1, 0.08, 0.07],
    [0.3, 0.2, 0.12],
    [0.62, 0.5, 0.3],
    [0.6, 0.6, 0.6],
  ] as Rgb[])
  world.canvas.line(at(x, y - 0.16), at(x, y), 0.1 * scale, skin)
  world.canvas.ellipse(at(x, y + 0.02), Math.max(0.115 * scale, 0.6), Math.max(0.14 * scale, 0.7), ink(hair))
  world.canvas.ellipse(at(x, y - 0.02), 0.09 * scale, 0.105 * scale, skin)
}

function drawUmbrella(world: World, { at, scale, ink }: Frame): void {
  const color = ink(varied(world.random, pick(world.random, CLOTHES), 0.1))
  world.canvas.line(at(0.1, 1.1), at(0.1, 2), Math.max(0.03 * scale, 0.5), ink([0.2, 0.2, 0.2]))
  world.canvas.polygon([at(-0.5, 1.82), at(-0.3, 2.02), at(0.1, 2.12), at(0.5, 2.02), at(0.7, 1.82)], color)
}

const BICYCLE_TUBES = [
  '-.53 .34, -.08 .32',
  '-.53 .34, -.2 .82',
  '-.08 .32, -.2 .86',
  '-.18 .76, .36 .8',
  '-.08 .32, .38 .74',
  '.53 .34, .34 .98',
  '.34 .98, .2 1.02',
].map(outline)

/** A bicycle from the side; with `isRidden` somebody sits on it. */
export function drawBicycle(world: World, x: number, z: number, isRidden: boolean): void {
  const { canvas, random } = world
  const frame = makeFrame(world, x, z, CLASS.bicycle)
  const { at, scale, ink } = frame
  const color = ink(
    pick(random, [
      [0.62, 0.12, 0.1],
      [0.1, 0.1, 0.11],
      [0.14, 0.3, 0.5],
      [0.6, 0.6, 0.6],
      [0.16, 0.42, 0.28],
    ] as Rgb[]),
  )
  const tube = Math.max(0.055 * scale, 0.7)
  const ahead = random.next() < 0.5 ? -1 : 1
  drawContactShadow(world, x, z - 0.1, 1.7, 0.35)
  for (const hub of [-0.53, 0.53]) drawSpokedWheel(canvas, at(hub, 0.34), 0.34 * scale, ink([0.08, 0.08, 0.09]))
  for (const [[x0, y0], [x1, y1]] of BICYCLE_TUBES) canvas.line(at(x0 * ahead, y0), at(x1 * ahead, y1), tube, color)
  canvas.line(at(-0.32 * ahead, 0.9), at(-0.1 * ahead, 0.91), tube * 1.6, ink([0.1, 0.1, 0.1]))
  if (isRidden)
    drawRider(world, x, z, {
      ahead,
      hip: [-0.2, 0.95],
      hand: [0.24, 1.04],
      foot: [-0.02, 0.18],
      hasHelmet: random.next() < 0.5,
    })
}

const MOTORCYCLE = {
  engine: outline('-.45 .25, -.4 .62, .3 .66, .38 .3, .1 .2'),
  tank: outline('-.1 .62, 0 .86, .32 .92, .48 .72, .34 .58'),
  seat: outline('-.85 .78, -.8 .66, -.4 .6, -.05 .64, -.05 .78, -.5 .76'),
  cowl: outline('.46 .7, .5 1, .62 .92, .62 .74'),
}

/** A motorcycle from the side; with `isRidden` somebody sits on it. */
export function drawMotorcycle(world: World, x: number, z: number, isRidden: boolean): void {
  const { canvas, random } = world
  const { at, scale, ink } = makeFrame(world, x, z, CLASS.motorcycle)
  const paint = varied(
    random,
    pick(random, [
      [0.7, 0.1, 0.1],
      [0.1, 0.1, 0.12],
      [0.12, 0.26, 0.6],
      [0.8, 0.8, 0.78],
      [0.85, 0.45, 0.1],
    ] as Rgb[]),
    0.06,
  )
  const ahead = random.next() < 0.5 ? -1 : 1
  drawContactShadow(world, x, z - 0.1, 2.1, 0.45)
  const dark = ink([0.07, 0.07, 0.08])
  for (const hub of [-0.68, 0.68]) {
    canvas.ellipse(at(hub, 0.31), 0.31 * scale, 0.31 * scale, dark)
    canvas.ellipse(at(hub, 0.31), 0.17 * scale, 0.17 * scale, ink([0.45, 0.46, 0.48]))
  }
  const shape = (points: Corner[]) => points.map(([dx, dy]) => at(dx * ahead, dy))
  canvas.polygon(shape(MOTORCYCLE.engine), ink([0.2, 0.2, 0.22]))
  canvas.line(at(-0.6 * ahead, 0.3), at(0.05 * ahead, 0.28), 0.09 * scale, ink([0.6, 0.6, 0.6]))
  canvas.line(at(0.68 * ahead, 0.31), at(0.42 * ahead, 1), Math.max(0.09 * scale, 0.7), ink([0.4, 0.4, 0.42]))
  canvas.polygon(shape(MOTORCYCLE.tank), ink(paint))
  canvas.polygon(shape(MOTORCYCLE.seat), dark)
  canvas.polygon(shape(MOTORCYCLE.cowl), ink(paint))
  canvas.ellipse(at(0.62 * ahead, 0.84), 0.08 * scale, 0.09 * scale, ink([0.95, 0.93, 0.8]))
  canvas.line(at(0.42 * ahead, 1), at(0.25 * ahead, 1.04), Math.max(0.05 * scale, 0.6), dark)
  if (isRidden)
    drawRider(world, x, z, { ahead, hip: [-0.3, 0.82], hand: [0.26, 1.02], foot: [0.05, 0.32], hasHelmet: true })
}

interface Posture {
  ahead: number
  hip: Corner
  hand: Corner
  foot: Corner
  hasHelmet: boolean
}

function drawRider(world: World, x: number, z: number, { ahead, hip, hand, foot, hasHelmet }: Posture): void {
  const { canvas, random } = world
  const { at, scale, ink } = makeFrame(world, x, z, CLASS.rider)
  const coat = varied(random, pick(random, CLOTHES), 0.1)
  const legs = ink(varied(random, pick(random, CLOTHES), 0.06))
  const skin = ink(pick(random, SKIN))
  const shoulder: Corner = [hip[0] + 0.2, hip[1] + 0.52]
  const knee: Corner = [hip[0] + 0.38, (hip[1] + foot[1]) / 2 + 0.12]
  const to = ([dx, dy]: Corner) => at(dx * ahead, dy)
  canvas.line(to(hip), to(knee), Math.max(0.17 * scale, 0.8), legs)
  canvas.line(to(knee), to(foot), Math.max(0.13 * scale, 0.7), legs)
  canvas.ellipse(at((foot[0] + 0.06) * ahead, foot[1]), 0.13 * scale, 0.06 * scale, ink([0.08, 0.08, 0.08]))
  canvas.polygon(
    [
      to([hip[0] - 0.17, hip[1] - 0.06]),
      to([shoulder[0] - 0.16, shoulder[1]]),
      to([shoulder[0] + 0.12, shoulder[1] + 0.04]),
      to([hip[0] + 0.18, hip[1]]),
    ],
    ink(coat),
  )
  const elbow: Corner = [(shoulder[0] + hand[0]) / 2 + 0.02, (shoulder[1] + hand[1]) / 2 - 0.08]
  const sleeve = ink(mixRgb(coat, [0, 0, 0], 0.2))
  canvas.line(to(shoulder), to(elbow), Math.max(0.11 * scale, 0.7), sleeve)
  canvas.line(to(elbow), to(hand), Math.max(0.09 * scale, 0.6), sleeve)
  drawHead(world, { at, scale, ink }, (shoulder[0] + 0.07) * ahead, shoulder[1] + 0.2, skin)
  if (hasHelmet) {
    const helmet = ink(
      pick(random, [
        [0.9, 0.9, 0.9],
        [0.1, 0.1, 0.12],
        [0.75, 0.15, 0.12],
        [0.85, 0.75, 0.15],
      ] as Rgb[]),
    )
    canvas.ellipse(at((shoulder[0] + 0.06) * ahead, shoulder[1] + 0.27), 0.14 * scale, 0.12 * scale, helmet)
  }
}

/** A thin tyre; the field between the spokes is mostly what lies behind, but belongs to the bicycle. */
function drawSpokedWheel(canvas: World['canvas'], center: Point, radius: number, ink: Ink): void {
  canvas.ellipse(center, radius, radius, { ...ink, opacity: 0.3 })
  const thickness = Math.max(radius * 0.14, 0.7)
  const ring = (r: number) => UNIT_CIRCLE.map(({ x, y }) => ({ x: center.x + x * r, y: center.y + y * r }))
  canvas.polygon([...ring(radius), ...ring(radius - thickness).reverse()], ink)
}

/** Closed: the last point is the first. From the rational parametrisation, so without sin and cos. */
const UNIT_CIRCLE: Point[] = [1, -1].flatMap((sign) => {
  const steps = [-1, -0.7, -0.42, -0.2, 0, 0.2, 0.42, 0.7, ...(sign < 0 ? [1] : [])]
  return steps.map((t) => ({ x: (sign * 2 * t) / (1 + t * t), y: (-sign * (1 - t * t)) / (1 + t * t) }))
})
