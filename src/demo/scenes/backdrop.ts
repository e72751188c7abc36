/** Sky, the far skyline, and the ground: road with its markings, sidewalks, grass. */
import { cloudNoise, latticeNoise, mix, smoothStep, valueNoise } from './noise'
import { between, CLASS, facing, lit, mixRgb, project, type Side, type World } from './world'

/** Metres; nothing there is veiled by the air. */
export const FAR_AWAY = 1e6

export function drawSky({ canvas, camera, mood, noiseSeed }: World): void {
  const { horizon } = camera
  canvas.rows(
    0,
    horizon + 2,
    () => FAR_AWAY,
    (y) => {
      const t = y / horizon
      const base = mixRgb(mood.skyTop, mood.skyLow, t * t * 0.6 + t * 0.4)
      const stretch = 10 / (1.25 - Math.min(t, 1)) // Clouds flatten towards the horizon.
      return (x, ink) => {
        const side = (mood.sunSide * (x - camera.centerX)) / canvas.size.width
        const glow = 0.1 * Math.max(0, side) * t
        const noise = cloudNoise(noiseSeed, (x / canvas.size.width) * 7 + 3, (t * stretch) / 6)
        const cloud = smoothStep(1 - mood.cloudiness, 1.25 - mood.cloudiness, noise + 0.25) * (1 - t * 0.4)
        for (let k = 0; k < 3; k++) ink[k] = mix(base[k], mood.cloud[k], cloud * 0.85) + glow
        return CLASS.sky
      }
    },
  )
}

/** Far hills of trees and blocks of houses where the street ends. */
export function drawSkyline(world: World): void {
  const { canvas, camera, random, noiseSeed } = world
  const { horizon } = camera
  const { width, height } = canvas.size
  const unit = height / 128
  for (let x = -10 * unit; x < width; ) {
    const step = between(random, 7, 22) * unit
    const top = horizon - between(random, 3, 13) * unit
    if (random.next() < 0.55) {
      const color = lit(world, [0.5, 0.5, 0.52], between(random, 0, 0.5))
      const rowHeight = 1.6 * unit
      canvas.rectangle(x, top, x + step, horizon + 2, {
        paint: (px, py, ink) => {
          const isWindow = latticeNoise(noiseSeed + 7, Math.floor(px / unit), Math.floor(py / rowHeight)) < 0.28
          for (let k = 0; k < 3; k++) ink[k] = color[k] * (isWindow ? 0.78 : 1)
        },
        label: CLASS.building,
        depth: 170,
      })
    } else {
      const color = lit(world, [0.3, 0.4, 0.24], 0.2)
      canvas.ellipse({ x: x + step / 2, y: horizon + 2 }, step * 0.8, horizon + 2 - top, {
        paint: (px, py, ink) => {
          const noise = 0.75 + 0.5 * valueNoise(noiseSeed + 9, px / unit / 1.3, py / unit / 1.3)
          for (let k = 0; k < 3; k++) ink[k] = color[k] * noise
        },
        label: CLASS.vegetation,
        depth: 140,
      })
    }
    x += step
  }
}

export interface RoadPlan {
  /** Lane borders between the curbs, metres from the camera's line. */
  lanes: number[]
  /** Distance of a crosswalk, or null. */
  crosswalk: number | null
  hasRails: boolean
}

/** The ground below the horizon, by inverse projection of every sample. */
export function drawGround(world: World, plan: RoadPlan): void {
  const { canvas, camera, mood, noiseSeed } = world
  const asphalt = lit(
    world,
    mixRgb([0.4, 0.4, 0.42], [0.3, 0.3, 0.31], latticeNoise(noiseSeed, 1, 2)),
    facing(world, 'up'),
  )
  const paving = lit(
    world,
    mixRgb([0.62, 0.58, 0.55], [0.52, 0.52, 0.53], latticeNoise(noiseSeed, 3, 4)),
    facing(world, 'up'),
  )
  const grass = lit(
    world,
    mixRgb([0.38, 0.5, 0.2], [0.52, 0.5, 0.3], latticeNoise(noiseSeed, 5, 6)),
    facing(world, 'up'),
  )
  const paint = lit(world, [0.92, 0.92, 0.88], facing(world, 'up'))
  canvas.rows(
    camera.horizon + 0.01,
    canvas.size.height,
    (y) => groundDistance(camera, y),
    (y) => {
      const z = groundDistance(camera, y)
      const shift = camera.bend * z * z
      const fade = 1 / (1 + z * 0.05)
      const mirror = mood.wetness * Math.min(1, z * 0.025)
      const shadowReach = shadowReachAt(world, z)
      return (px, ink) => {
        const x = ((px - camera.centerX) * z) / camera.focal - shift
        const side = x < 0 ? world.left : world.right
        const offset = Math.abs(x)
        const shade = 1 - mood.shadow * smoothStep(-0.15, 0.15, mood.sunSide * x - shadowReach)
        if (offset < side.curb) {
          const grain = 1 + (roadNoise(noiseSeed, x, z) - 0.5) * 0.5 * fade
          const shine = mirror > 0 ? mirror * (0.6 + 0.4 * valueNoise(noiseSeed + 8, x, z * 0.3)) : 0
          const marking = wornMarking(noiseSeed, plan, x, z, side)
          for (let k = 0; k < 3; k++) {
            const dry = mix(asphalt[k] * grain, paint[k], marking) * shade
            ink[k] = mix(dry, mood.skyLow[k] * 0.8, shine)
          }
          return CLASS.road
        }
        if (offset < side.walkEnd || !side.hasVerge) {
          const edge = offset < side.curb + 0.18 ? 1.22 : 1
          const joint = isJoint(x, z) ? 1 - 0.14 * fade : 1
          const grain = (1 + (valueNoise(noiseSeed + 3, x * 2, z * 2) - 0.5) * 0.22 * fade) * edge * joint * shade
          for (let k = 0; k < 3; k++) ink[k] = paving[k] * grain
          return CLASS.sidewalk
        }
        const blades = 1 + (cloudNoise(noiseSeed + 4, x * 3, z * 1.5) - 0.5) * 0.9 * fade
        for (let k = 0; k < 3; k++) ink[k] = grass[k] * blades * shade
        return CLASS.terrain
      }
    },
  )
}

function groundDistance({ height, focal, horizon }: World['camera'], y: number): number {
  return (height * focal) / Math.max(y - horizon, 0.05)
}

function roadNoise(seed: number, x: number, z: number): number {
  const patches = valueNoise(seed + 1, x * 0.5, z * 0.14)
  return patches * 0.55 + valueNoise(seed + 2, x * 7, z * 3) * 0.45
}

function isJoint(x: number, z: number): boolean {
  return x - Math.floor(x) < 0.06 || z * 0.8 - Math.floor(z * 0.8) < 0.06
}

function wornMarking(seed: number, plan: RoadPlan, x: number, z: number, side: Side): number {
  const marking = markingAt(plan, x, z, side)
  return marking > 0 ? marking * (0.75 + 0.25 * valueNoise(seed + 5, x * 4, z * 2)) : 0
}

/** How much lane paint lies at a point of the road, 0..1. */
function markingAt({ lanes, crosswalk, hasRails }: RoadPlan, x: number, z: number, side: Side): number {
  if (crosswalk !== null && z > crosswalk && z < crosswalk + 3) {
    const bar = x / 1.1 - Math.floor(x / 1.1)
    return bar < 0.5 && Math.abs(x) < side.curb - 0.3 ? 0.85 : 0
  }
  if (crosswalk !== null && z > crosswalk - 1.5 && z < crosswalk - 1.1) return x > 0 || lanes.length < 2 ? 0.8 : 0
  for (const lane of lanes) {
    if (Math.abs(x - lane) < 0.075) return z / 7 - Math.floor(z / 7) < 0.5 ? 0.8 : 0
  }
  if (Math.abs(Math.abs(x) - side.curb + 0.35) < 0.06) return 0.6
  if (hasRails && x < 0) {
    const rail = Math.min(Math.abs(x + RAILS - 0.75), Math.abs(x + RAILS + 0.75))
    if (rail < 0.07) return 0.45
  }
  return 0
}

/** Distance of the tram line left of the camera. */
export const RAILS = 4.2

/**
 * Where the uneven shadow of the buildings on the sun's side ends, in metres from the camera's line towards the sun.
 */
function shadowReachAt({ mood, left, right, noiseSeed }: World, z: number): number {
  const { buildingLine } = mood.sunSide < 0 ? left : right
  const share = 0.2 + 0.75 * latticeNoise(noiseSeed + 21, Math.floor(z / 9), 0)
  return buildingLine - share * (buildingLine + 4)
}

/** A soft dark patch under something that stands on the ground; the ground keeps its label. */
export function drawContactShadow(world: World, x: number, z: number, width: number, length: number): void {
  const center = project(world, x, 0, z + length / 2)
  const near = project(world, x, 0, z)
  const far = project(world, x, 0, z + length)
  const half = (width / 2) * (world.camera.focal / (z + length / 2))
  const depth = Math.max((near.y - far.y) / 2, 0.6)
  for (const [grow, opacity] of [
    [1.25, 0.18],
    [1, 0.3],
  ]) {
    world.canvas.ellipse({ x: center.x, y: (near.y + far.y) / 2 }, half * grow, depth * grow, {
      paint: [0.05, 0.05, 0.07],
      label: null,
      depth: z,
      opacity: opacity + world.mood.shadow * 0.3,
    })
  }
}
