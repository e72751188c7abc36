/** House fronts along both sides of the street, with windows, shops and cornices. */
import type { Rgb } from './canvas'
import { latticeNoise, mix, valueNoise } from './noise'
import { between, CLASS, facing, lit, mixRgb, pick, project, type Side, varied, type World } from './world'

const FACADES: Rgb[] = [
  [0.72, 0.66, 0.56],
  [0.62, 0.42, 0.34],
  [0.56, 0.56, 0.57],
  [0.78, 0.75, 0.7],
  [0.5, 0.36, 0.3],
  [0.7, 0.58, 0.4],
  [0.42, 0.45, 0.48],
  [0.66, 0.7, 0.66],
  [0.82, 0.8, 0.78],
  [0.45, 0.42, 0.36],
]

const SHOPS: Rgb[] = [
  [0.62, 0.14, 0.14],
  [0.13, 0.3, 0.5],
  [0.16, 0.4, 0.26],
  [0.75, 0.56, 0.15],
  [0.2, 0.2, 0.22],
]

interface Facade {
  color: Rgb
  glass: Rgb
  lamp: Rgb
  shop: Rgb | null
  height: number
  floor: number
  bay: number
  /** Shares of bay and floor that a window takes. */
  windowWidth: number
  windowHeight: number
  seed: number
  isBrick: boolean
}

/** A row of houses from far to near; gaps leave room for trees and sky. */
export function drawBuildings(world: World, side: Side): void {
  const { random } = world
  const houses: { near: number; far: number }[] = []
  for (let z = between(random, 3, 12); z < 130; ) {
    const far = z + between(random, 9, 24)
    houses.push({ near: z, far })
    z = far + (random.next() < 0.22 ? between(random, 4, 16) : between(random, 0, 0.3))
  }
  const tallest = between(random, 7, 22)
  for (const house of houses.reverse()) drawHouse(world, side, house, tallest)
}

function drawHouse(world: World, side: Side, { near, far }: { near: number; far: number }, tallest: number): void {
  const { canvas, camera, mood, noiseSeed } = world
  const facade = makeFacade(world, tallest)
  const bend = camera.bend * ((near + far) / 2) * ((near + far) / 2)
  const x = side.sign * side.buildingLine + bend
  const point = (px: number, y: number, z: number) => ({
    x: camera.centerX + (px * camera.focal) / z,
    y: camera.horizon + ((camera.height - y) * camera.focal) / z,
  })
  const light = lit(world, [1, 1, 1], facing(world, side.sign < 0 ? 'right' : 'left'))
  canvas.polygon([point(x, 0, near), point(x, facade.height, near), point(x, facade.height, far), point(x, 0, far)], {
    paint: (px, py, ink) => {
      const z = Math.min(far, Math.max(near, (camera.focal * x) / (px - camera.centerX || 1e-6)))
      const y = camera.height - ((py - camera.horizon) * z) / camera.focal
      paintFacade(facade, z - near, y, far - near, ink)
      for (let k = 0; k < 3; k++) ink[k] *= light[k]
      glow(facade, z - near, y, mood.lamps, ink)
    },
    label: CLASS.building,
    depth: (near + far) / 2,
  })
  const depth = 14
  const front = lit(world, [1, 1, 1], facing(world, 'camera'))
  const end = x + side.sign * depth
  canvas.polygon(
    [point(x, 0, near), point(x, facade.height, near), point(end, facade.height, near), point(end, 0, near)],
    {
      paint: (px, py, ink) => {
        const across = Math.abs(((px - camera.centerX) * near) / camera.focal - x)
        const y = camera.height - ((py - camera.horizon) * near) / camera.focal
        paintGable(facade, across, y, noiseSeed, ink)
        for (let k = 0; k < 3; k++) ink[k] *= front[k]
      },
      label: CLASS.building,
      depth: near,
    },
  )
}

function makeFacade({ random, mood }: World, tallest: number): Facade {
  const floor = between(random, 2.8, 3.6)
  const floors = Math.max(2, Math.round((tallest * between(random, 0.55, 1.15)) / floor))
  return {
    color: varied(random, pick(random, FACADES), 0.08),
    glass: mixRgb([0.12, 0.15, 0.2], mood.skyLow, between(random, 0.08, 0.4)),
    lamp: [1, 0.82, 0.5],
    shop: random.next() < 0.45 ? pick(random, SHOPS) : null,
    height: floors * floor + 0.8,
    floor,
    bay: between(random, 2.2, 3.6),
    windowWidth: between(random, 0.38, 0.62),
    windowHeight: between(random, 0.45, 0.68),
    seed: random.below(1 << 30),
    isBrick: random.next() < 0.35,
  }
}

/** Colour of a facade at `u` metres along and `v` metres up, before light. */
function paintFacade(facade: Facade, u: number, v: number, length: number, ink: Float64Array): void {
  const { color, glass, shop, height, floor, bay, seed } = facade
  const stain = 0.9 + 0.2 * valueNoise(seed, u * 0.5, v * 0.5)
  const brick = facade.isBrick ? 0.93 + 0.14 * latticeNoise(seed + 1, Math.floor(u * 4), Math.floor(v * 8)) : 1
  const footing = v < 0.5 ? 0.72 : 1
  for (let k = 0; k < 3; k++) ink[k] = color[k] * stain * brick * footing
  if (v > height - 0.7) {
    tone(ink, v > height - 0.35 ? 1.18 : 0.7)
    return
  } // Cornice and its shadow.
  if (u < 0.25 || u > length - 0.25) {
    tone(ink, 0.8)
    return
  }
  const storey = Math.floor(v / floor)
  const inStorey = v / floor - storey
  if (storey === 0 && shop) {
    paintShop(facade, u, v, shop, ink)
    return
  }
  if (inStorey < 0.04) {
    tone(ink, 0.85)
    return
  }
  const column = u / bay - Math.floor(u / bay)
  const dx = Math.abs(column - 0.5) / (facade.windowWidth / 2)
  const dy = Math.abs(inStorey - 0.52) / (facade.windowHeight / 2)
  if (dx < 1 && dy < 1) {
    const isFrame = dx > 0.86 || dy > 0.9 || dx < 0.07
    const sky = mix(0.7, 1.35, inStorey)
    for (let k = 0; k < 3; k++) ink[k] = isFrame ? 0.82 : glass[k] * sky
    return
  }
  if (dx < 1.12 && inStorey < 0.52 - facade.windowHeight / 2 && inStorey > 0.44 - facade.windowHeight / 2)
    tone(ink, 1.2)
}

function paintShop({ seed, bay, floor }: Facade, u: number, v: number, shop: Rgb, ink: Float64Array): void {
  const unit = Math.floor(u / (bay * 1.6))
  const within = u / (bay * 1.6) - unit
  if (v > floor * 0.78) {
    const isStriped = latticeNoise(seed + 3, unit, 0) < 0.4 && Math.floor(u * 2.5) % 2 === 0
    for (let k = 0; k < 3; k++) ink[k] = isStriped ? 0.85 : shop[k]
  } else if (within < 0.08 || within > 0.92 || v < 0.4) tone(ink, 0.62)
  else {
    const goods = 0.25 + 0.35 * latticeNoise(seed + 4, Math.floor(u * 1.7), Math.floor(v * 1.3))
    const isDoor = within > 0.7
    for (let k = 0; k < 3; k++) ink[k] = isDoor ? 0.16 : goods * (k === 2 ? 1.1 : 1)
  }
}

/** Lit windows and shops shine by themselves: added after the daylight. */
function glow(facade: Facade, u: number, v: number, share: number, ink: Float64Array): void {
  const { bay, floor, seed, lamp } = facade
  const storey = Math.floor(v / floor)
  const column = Math.floor(u / bay)
  const isShop = storey === 0 && facade.shop !== null
  if (isShop ? share < 0.2 || v > floor * 0.78 : latticeNoise(seed + 5, column, storey) > share) return
  const inside = !isShop && Math.abs(u / bay - column - 0.5) < facade.windowWidth * 0.43
  const upright = Math.abs(v / floor - storey - 0.52) < facade.windowHeight * 0.45
  const strength = isShop ? 0.35 : inside && upright ? 0.75 : 0
  for (let k = 0; k < 3; k++) ink[k] = mix(ink[k], lamp[k], strength)
}

/** The end of a house that faces the camera: few windows. */
function paintGable(
  { color, glass, height, floor, seed, isBrick }: Facade,
  u: number,
  v: number,
  noise: number,
  ink: Float64Array,
): void {
  const stain = 0.86 + 0.26 * valueNoise(seed + noise, u * 0.4, v * 0.4)
  const brick = isBrick ? 0.93 + 0.14 * latticeNoise(seed + 1, Math.floor(u * 4), Math.floor(v * 8)) : 1
  for (let k = 0; k < 3; k++) ink[k] = color[k] * stain * brick
  if (v > height - 0.35) {
    tone(ink, 1.15)
    return
  }
  const column = u / 4 - Math.floor(u / 4)
  const inStorey = v / floor - Math.floor(v / floor)
  const hasWindow = latticeNoise(seed + 6, Math.floor(u / 4), Math.floor(v / floor)) < 0.6
  if (hasWindow && column > 0.38 && column < 0.66 && inStorey > 0.3 && inStorey < 0.78) {
    for (let k = 0; k < 3; k++) ink[k] = glass[k]
  }
}

function tone(ink: Float64Array, factor: number): void {
  for (let k = 0; k < 3; k++) ink[k] = Math.min(1, ink[k] * factor)
}

/** A low wall of concrete, plaster or brick along the edge of the sidewalk. */
export function drawWall(world: World, side: Side, near: number, far: number): void {
  drawBarrier(world, side, near, far, 'wall')
}

/** A railing or a boarded fence along the edge of the sidewalk. */
export function drawFence(world: World, side: Side, near: number, far: number): void {
  drawBarrier(world, side, near, far, 'fence')
}

function drawBarrier(world: World, side: Side, near: number, far: number, kind: 'wall' | 'fence'): void {
  const { canvas, camera, random } = world
  const seed = random.below(1 << 30)
  const height = kind === 'wall' ? between(random, 1.3, 2.6) : between(random, 1, 1.7)
  const isBoarded = kind === 'fence' && random.next() < 0.4
  const color =
    kind === 'wall'
      ? varied(random, [0.6, 0.58, 0.55], 0.12)
      : varied(random, isBoarded ? [0.5, 0.38, 0.27] : [0.3, 0.33, 0.34], 0.12)
  const lightOn = lit(world, color, facing(world, side.sign < 0 ? 'right' : 'left'))
  const x = side.sign * (side.walkEnd - 0.05)
  const steps = 6
  for (let step = steps - 1; step >= 0; step--) {
    const z0 = near + ((far - near) * step) / steps
    const z1 = near + ((far - near) * (step + 1)) / steps
    const corners = [
      project(world, x, 0, z0),
      project(world, x, height, z0),
      project(world, x, height, z1),
      project(world, x, 0, z1),
    ]
    const plane = x + camera.bend * ((z0 + z1) / 2) * ((z0 + z1) / 2)
    const paint = (px: number, py: number, ink: Float64Array) => {
      const z = (camera.focal * plane) / (px - camera.centerX || 1e-6)
      const v = 1 - (camera.height - ((py - camera.horizon) * z) / camera.focal) / height
      const tint = kind === 'wall' ? wallTone(seed, z, v * height) : fenceTone(z, v, isBoarded)
      for (let k = 0; k < 3; k++) ink[k] = lightOn[k] * tint
    }
    canvas.polygon(corners, {
      paint,
      label: CLASS[kind],
      depth: (z0 + z1) / 2,
      opacity: kind === 'fence' && !isBoarded ? 0.72 : 1,
    })
  }
}

function wallTone(seed: number, u: number, v: number): number {
  if (v < 0.12) return 1.2
  const block = latticeNoise(seed, Math.floor(u * 1.2), Math.floor(v * 2.4))
  return 0.82 + 0.22 * block + 0.14 * (valueNoise(seed + 1, u, v * 2) - 0.5)
}

function fenceTone(u: number, v: number, isBoarded: boolean): number {
  const picket = u * (isBoarded ? 4 : 3)
  const isGap = picket - Math.floor(picket) > (isBoarded ? 0.88 : 0.4)
  const isBar = v < 0.1 || (v > 0.8 && v < 0.9)
  return isBar ? 1.15 : isGap ? (isBoarded ? 0.55 : 1.45) : 0.95
}
