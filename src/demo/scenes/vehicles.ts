/** Cars, trucks, buses and trams as boxes with a profile: the side that is seen, then the end that faces the camera. */
import { drawContactShadow } from './backdrop'
import type { Point, Rgb } from './canvas'
import { clamp01, latticeNoise, mix } from './noise'
import { box, type Corner, mirrored, outline } from './outline'
import { between, CLASS, facing, lit, mixRgb, pick, pixelsPerMetre, project, varied, type World } from './world'

/** The position of a vehicle: its middle across, its near end, and whether the camera sees its rear. */
export interface Stand {
  x: number
  z: number
  showsRear: boolean
}

const CAR_COLORS: Rgb[] = [
  [0.86, 0.86, 0.86],
  [0.12, 0.12, 0.13],
  [0.55, 0.57, 0.59],
  [0.3, 0.32, 0.34],
  [0.62, 0.1, 0.1],
  [0.12, 0.22, 0.45],
  [0.16, 0.3, 0.24],
  [0.7, 0.66, 0.55],
  [0.75, 0.5, 0.12],
]

/** A vehicle's drawing frame: points by share of the length from the near end, and height. */
interface Frame {
  world: World
  stand: Stand
  width: number
  length: number
  label: number
  /** Edge of the side that the camera sees, or null from straight behind. */
  sideX: number | null
  sideLight: Rgb
  endLight: Rgb
}

function makeFrame(world: World, stand: Stand, width: number, length: number, label: number): Frame {
  const shifted = stand.x + world.camera.bend * stand.z * stand.z
  const sideX = Math.abs(shifted) <= width / 2 ? null : stand.x - Math.sign(shifted) * (width / 2)
  return {
    world,
    stand,
    width,
    length,
    label,
    sideX,
    sideLight: lit(world, [1, 1, 1], facing(world, shifted > 0 ? 'left' : 'right')),
    endLight: lit(world, [1, 1, 1], facing(world, 'camera')),
  }
}

/**
 * Polygon on the visible side; `inset` moves it towards the vehicle's middle. Profiles are given with the rear first.
 */
function side(frame: Frame, profile: Corner[], color: Rgb, inset = 0, isGlass = false): void {
  const { world, stand, length, sideX, sideLight, label } = frame
  if (sideX === null) return
  const x = sideX + Math.sign(stand.x - sideX) * inset
  const points = profile.map(([along, y]) =>
    project(world, x, y, stand.z + length * (stand.showsRear ? along : 1 - along)),
  )
  fill(frame, points, color, sideLight, isGlass, label)
}

/**
 * Polygon on the end that faces the camera: x as a share of half the width, height in metres, `back` metres further
 * away.
 */
function end(frame: Frame, shape: Corner[], color: Rgb, back = 0, isGlass = false): void {
  const { world, stand, width, endLight, label } = frame
  const points = shape.map(([across, y]) => project(world, stand.x + (across * width) / 2, y, stand.z + back))
  fill(frame, points, color, endLight, isGlass, label)
}

function fill({ world, stand }: Frame, points: Point[], color: Rgb, light: Rgb, isGlass: boolean, label: number): void {
  const top = Math.min(...points.map(({ y }) => y))
  const bottom = Math.max(...points.map(({ y }) => y))
  const { skyLow } = world.mood
  world.canvas.polygon(points, {
    paint: (_x, y, ink) => {
      const down = clamp01((y - top) / Math.max(bottom - top, 1e-3))
      // Metal reflects the sky in its upper part; glass does so strongly.
      for (let k = 0; k < 3; k++) {
        const body = color[k] * light[k] * (1.12 - 0.34 * down)
        ink[k] = mix(body, skyLow[k] * 0.9, (isGlass ? 0.45 : 0.12) * (1 - down))
      }
    },
    label,
    depth: stand.z,
  })
}

function wheel(frame: Frame, along: number, radius: number): void {
  const { world, stand, length, sideX, label } = frame
  if (sideX === null) return
  const z = stand.z + length * (stand.showsRear ? along : 1 - along)
  const center = project(world, sideX, radius, z)
  const before = project(world, sideX, radius, z - radius)
  const after = project(world, sideX, radius, z + radius)
  const radiusX = Math.max(Math.abs(before.x - after.x) / 2, 0.3)
  const radiusY = radius * pixelsPerMetre(world, z)
  const ink = { label, depth: stand.z }
  world.canvas.ellipse(center, radiusX, radiusY, { ...ink, paint: [0.07, 0.07, 0.08] })
  world.canvas.ellipse(center, radiusX * 0.58, radiusY * 0.58, { ...ink, paint: lit(world, [0.5, 0.51, 0.53], 0.3) })
  world.canvas.ellipse(center, radiusX * 0.2, radiusY * 0.2, { ...ink, paint: [0.15, 0.15, 0.16] })
}

const GLASS: Rgb = [0.13, 0.16, 0.19]
const TYRE: Rgb = [0.06, 0.06, 0.07]

/** Lamps at both ends of the width: red behind, white in front; they shine when it is dark. */
function lamps(frame: Frame, inner: number, bottom: number, outer: number, top: number): void {
  const { stand, world } = frame
  const isLit = world.mood.lamps > 0.2
  const color: Rgb = stand.showsRear
    ? isLit
      ? [1, 0.18, 0.12]
      : [0.62, 0.08, 0.07]
    : isLit
      ? [1.6, 1.5, 1.2]
      : [0.9, 0.9, 0.86]
  const bright = { ...frame, endLight: isLit ? ([1, 1, 1] as Rgb) : frame.endLight }
  end(bright, box(inner, bottom, outer, top), color)
  end(bright, mirrored(box(inner, bottom, outer, top)), color)
}

/** Sides are given rear first, along the length; ends across half the width. Heights in metres. */
const CAR = {
  body: outline('0 .26, 0 .84, .03 .94, .3 .97, .72 .94, .96 .78, 1 .6, 1 .26'),
  sill: outline('.02 .26, .02 .36, .98 .36, .98 .26'),
  endCabin: outline('-.93 .9, -.72 1.43, -.6 1.46, .6 1.46, .72 1.43, .93 .9'),
  endGlass: outline('-.8 .96, -.64 1.37, .64 1.37, .8 .96'),
  endBody: outline('-1 .3, -1 .78, -.93 .95, .93 .95, 1 .78, 1 .3, .9 .22, -.9 .22'),
}
const HATCHBACK = {
  cabin: outline('.02 .92, .1 1.4, .3 1.46, .53 1.43, .73 .93'),
  rearGlass: outline('.1 .98, .15 1.33, .34 1.37, .34 .98'),
  frontGlass: outline('.37 .98, .37 1.37, .52 1.34, .67 .98'),
}
const SALOON = {
  cabin: outline('.1 .93, .25 1.38, .35 1.44, .55 1.41, .75 .93'),
  rearGlass: outline('.19 .98, .28 1.32, .39 1.36, .39 .98'),
  frontGlass: outline('.42 .98, .42 1.36, .54 1.32, .69 .98'),
}

export function drawCar(world: World, stand: Stand): void {
  const { random } = world
  const color = varied(random, pick(random, CAR_COLORS), 0.06)
  const isTall = random.next() < 0.35
  const h = isTall ? between(random, 1.14, 1.25) : between(random, 0.97, 1.04)
  const roof = isTall || random.next() < 0.5 ? HATCHBACK : SALOON
  const frame = makeFrame(world, stand, between(random, 1.72, 1.9), between(random, 3.7, 4.7), CLASS.car)
  drawContactShadow(world, stand.x, stand.z, frame.width * 1.12, frame.length)
  const up = (shape: Corner[]) => shape.map(([along, y]): Corner => [along, y * h])
  side(frame, up(CAR.body), color)
  side(frame, up(roof.cabin), color, 0.1)
  side(frame, up(roof.rearGlass), GLASS, 0.1, true)
  side(frame, up(roof.frontGlass), GLASS, 0.1, true)
  side(frame, up(CAR.sill), [0.1, 0.1, 0.1])
  wheel(frame, 0.19, 0.32)
  wheel(frame, 0.81, 0.32)
  end(frame, box(-0.92, 0, -0.62, 0.4), TYRE)
  end(frame, box(0.62, 0, 0.92, 0.4), TYRE)
  const back = frame.length * (stand.showsRear ? 0.08 : 0.3)
  end(frame, up(CAR.endCabin), color, back)
  end(frame, up(CAR.endGlass), GLASS, back * 0.9, true)
  end(frame, up(CAR.endBody), color)
  end(frame, up(box(-0.96, 0.24, 0.96, 0.42)), mixRgb(color, [0.1, 0.1, 0.1], 0.55))
  lamps(frame, 0.66, 0.62 * h, 0.97, 0.8 * h)
  if (!stand.showsRear) end(frame, up(box(-0.5, 0.5, 0.5, 0.7)), [0.12, 0.12, 0.13])
  end(frame, up(box(-0.28, 0.47, 0.28, 0.6)), [0.9, 0.9, 0.82])
}

const TRUCK = {
  cab: outline('.77 .5, .77 2.75, .93 2.75, 1 1.7, 1 .5'),
  cabGlass: outline('.82 1.6, .82 2.5, .91 2.5, .96 1.6'),
  endCab: outline('-1 .45, -1 2.2, -.9 2.75, .9 2.75, 1 2.2, 1 .45'),
  endGlass: outline('-.88 1.5, -.82 2.45, .82 2.45, .88 1.5'),
}

export function drawTruck(world: World, stand: Stand): void {
  const { random } = world
  const cab = varied(random, pick(random, CAR_COLORS), 0.1)
  const cargo = varied(
    random,
    pick(random, [
      [0.85, 0.85, 0.84],
      [0.5, 0.52, 0.54],
      [0.2, 0.34, 0.55],
      [0.66, 0.5, 0.25],
      [0.25, 0.42, 0.3],
    ] as Rgb[]),
    0.08,
  )
  const height = between(random, 2.9, 3.7)
  const frame = makeFrame(world, stand, between(random, 2.3, 2.5), between(random, 6.5, 9), CLASS.truck)
  drawContactShadow(world, stand.x, stand.z, frame.width * 1.1, frame.length)
  side(frame, box(0.02, 0.45, 0.98, 0.8), [0.14, 0.14, 0.15])
  side(frame, TRUCK.cab, cab)
  side(frame, TRUCK.cabGlass, GLASS, 0, true)
  const drawCargo = (back: number) => {
    end(frame, box(-1, 0.75, 1, height), cargo, back)
    end(frame, box(-0.03, 0.85, 0.03, height - 0.1), mixRgb(cargo, [0, 0, 0], 0.45), back)
    end(frame, box(-0.9, 0.85, 0.9, 0.95), mixRgb(cargo, [0, 0, 0], 0.3), back)
  }
  if (!stand.showsRear) drawCargo(frame.length * 0.24)
  side(frame, box(0, 0.75, 0.75, height), cargo)
  side(frame, box(0.08, height * 0.5, 0.6, height * 0.66), mixRgb(cargo, pick(random, CAR_COLORS), 0.7))
  for (const along of [0.14, 0.26, 0.88]) wheel(frame, along, 0.48)
  end(frame, box(-0.95, 0, -0.6, 0.7), TYRE)
  end(frame, box(0.6, 0, 0.95, 0.7), TYRE)
  if (stand.showsRear) drawCargo(0)
  else {
    end(frame, TRUCK.endCab, cab)
    end(frame, TRUCK.endGlass, GLASS, 0, true)
    end(frame, box(-0.7, 0.85, 0.7, 1.25), mixRgb(cab, [0.1, 0.1, 0.1], 0.6))
  }
  end(frame, box(-0.97, 0.45, 0.97, 0.72), [0.15, 0.15, 0.16])
  lamps(frame, 0.7, 0.5, 0.95, 0.7)
}

const BUS_COLORS: Rgb[] = [
  [0.75, 0.12, 0.12],
  [0.85, 0.65, 0.12],
  [0.9, 0.9, 0.88],
  [0.14, 0.35, 0.6],
  [0.2, 0.48, 0.3],
]

export function drawBus(world: World, stand: Stand): void {
  const { random } = world
  const frame = makeFrame(world, stand, 2.5, between(random, 10, 12), CLASS.bus)
  drawContactShadow(world, stand.x, stand.z, 2.7, frame.length)
  drawCoach(frame, pick(random, BUS_COLORS), 3.1, 9)
  for (const along of [0.2, 0.8]) wheel(frame, along, 0.48)
  lamps(frame, 0.68, 0.55, 0.93, 0.8)
}

const TRAM_COLORS: Rgb[] = [
  [0.8, 0.2, 0.14],
  [0.9, 0.82, 0.5],
  [0.25, 0.5, 0.35],
  [0.2, 0.36, 0.62],
]

/** A tram of two cars. */
export function drawTram(world: World, stand: Stand): void {
  const { random, canvas } = world
  const color = pick(random, TRAM_COLORS)
  for (const offset of [13.4, 0]) {
    const frame = makeFrame(world, { ...stand, z: stand.z + offset }, 2.6, 13, CLASS.train)
    drawContactShadow(world, stand.x, stand.z + offset, 2.7, 13)
    drawCoach(frame, color, 3.5, 7)
    side(frame, box(0, 0.1, 1, 0.45), [0.12, 0.12, 0.13])
    end(frame, box(-0.95, 0.1, 0.95, 0.4), [0.12, 0.12, 0.13])
    if (offset === 0) lamps(frame, 0.6, 0.7, 0.86, 0.92)
  }
  const wire = { paint: [0.15, 0.15, 0.16] as Rgb, label: CLASS.train, depth: stand.z }
  const bow = pixelsPerMetre(world, stand.z + 6) * 0.12
  canvas.line(
    project(world, stand.x, 3.5, stand.z + 5),
    project(world, stand.x, 4.6, stand.z + 7),
    Math.max(bow, 0.7),
    wire,
  )
}

/** Body, window band, doors and the end with its screen and display: buses and trams. */
function drawCoach(frame: Frame, color: Rgb, height: number, windows: number): void {
  const { world, stand } = frame
  const seed = world.random.below(1 << 30)
  const isLit = world.mood.lamps > 0.2
  side(frame, coachOutline(0, 1, 0.02, height), color)
  side(frame, box(0, 0.35, 1, 0.7), mixRgb(color, [0.1, 0.1, 0.1], 0.6))
  for (let i = 0; i < windows; i++) {
    const left = 0.03 + (0.94 * i) / windows
    const right = left + (0.94 / windows) * 0.88
    const isDoor = latticeNoise(seed, i, 0) < 0.25
    const glass: Rgb = isLit ? [0.85, 0.75, 0.5] : GLASS
    side(frame, box(left, isDoor ? 0.5 : height * 0.45, right, height * 0.82), glass, 0, !isLit)
  }
  end(frame, coachOutline(-1, 1, 0.12, height), color)
  end(frame, box(-0.88, height * (stand.showsRear ? 0.5 : 0.38), 0.88, height * 0.8), GLASS, 0, true)
  end(
    frame,
    box(-0.6, height * 0.84, 0.6, height * 0.94),
    stand.showsRear ? mixRgb(color, [0, 0, 0], 0.3) : [0.75, 0.5, 0.1],
  )
  end(frame, box(-0.97, 0.35, 0.97, 0.55), [0.14, 0.14, 0.15])
}

/** A box from 0.35 m up whose upper corners are cut by `bevel`. */
function coachOutline(left: number, right: number, bevel: number, height: number): Corner[] {
  const shoulder = height - 0.25
  return [
    ...box(left, 0.35, right, shoulder).slice(0, 2),
    [left + bevel, height],
    [right - bevel, height],
    ...box(left, 0.35, right, shoulder).slice(2),
  ]
}
