/** Trees, hedges and bushes. */
import { drawContactShadow } from './backdrop'
import type { Rgb } from './canvas'
import { latticeNoise, valueNoise } from './noise'
import { between, CLASS, lit, pick, pixelsPerMetre, project, scaleRgb, varied, type World } from './world'

const LEAVES: Rgb[] = [
  [0.3, 0.42, 0.16],
  [0.22, 0.36, 0.17],
  [0.38, 0.46, 0.2],
  [0.5, 0.44, 0.18],
  [0.26, 0.4, 0.26],
]

export function drawTree(world: World, x: number, z: number): void {
  const { canvas, random } = world
  const height = between(random, 4.5, 10)
  const trunk = between(random, 1.6, 2.6)
  const spread = height * between(random, 0.24, 0.36)
  const scale = pixelsPerMetre(world, z)
  drawContactShadow(world, x, z, spread * 1.6, spread)
  const bark = lit(world, [0.34, 0.27, 0.2], 0.3)
  const foot = project(world, x, 0, z)
  const top = project(world, x + between(random, -0.3, 0.3), trunk + 1.5, z)
  canvas.line(foot, top, Math.max(0.24 * scale, 0.8), { paint: bark, label: CLASS.vegetation, depth: z })
  const crown = { x, y: trunk + (height - trunk) / 2, radiusX: spread, radiusY: (height - trunk) / 2 + 0.5 }
  drawLeaves(world, crown, z, varied(random, pick(random, LEAVES), 0.08))
}

export function drawBush(world: World, x: number, z: number): void {
  const { random } = world
  const height = between(random, 0.7, 1.9)
  drawContactShadow(world, x, z, height * 2, height)
  const crown = { x, y: height * 0.45, radiusX: height * between(random, 0.7, 1.4), radiusY: height * 0.6 }
  drawLeaves(world, crown, z, varied(random, pick(random, LEAVES), 0.1))
}

/** Overlapping clumps from back to front: lighter on top and on the sun's side, speckled like leaves. */
function drawLeaves(
  world: World,
  crown: { x: number; y: number; radiusX: number; radiusY: number },
  z: number,
  color: Rgb,
): void {
  const { canvas, mood, random } = world
  const scale = pixelsPerMetre(world, z)
  const seed = random.below(1 << 30)
  const grain = Math.max(scale * 0.22, 0.7)
  const clumps = 22
  for (let i = 0; i < clumps; i++) {
    const layer = i / (clumps - 1)
    const [dx, dy] = inDisc(random)
    const radius = crown.radiusX * between(random, 0.28, 0.5)
    const reach = i === 0 ? 0 : 0.78
    const center = project(world, crown.x + dx * crown.radiusX * reach, crown.y + dy * crown.radiusY * reach, z)
    const sunward = 0.5 + 0.3 * dy + 0.3 * dx * mood.sunSide
    const shade = lit(world, scaleRgb(color, 0.62 + 0.3 * layer), Math.max(0, sunward) * (0.3 + 0.7 * layer))
    const first = i === 0 ? 0.8 : 1
    canvas.ellipse(
      center,
      Math.max(radius * scale, 0.7) * (i === 0 ? 1.5 : 1),
      Math.max(radius * scale * 0.85, 0.6) * (i === 0 ? 1.6 : 1),
      {
        paint: (px, py, ink) => {
          const leaf = latticeNoise(seed + i, Math.floor(px / grain), Math.floor(py / grain))
          const tuft = valueNoise(seed + 31, px / grain / 2.4, py / grain / 2.4)
          const tone = first * (0.68 + 0.3 * leaf + 0.34 * tuft)
          for (let k = 0; k < 3; k++) ink[k] = shade[k] * tone
        },
        label: CLASS.vegetation,
        depth: z,
      },
    )
  }
}

/** Uniform in the unit disc, by rejection. */
function inDisc(random: World['random']): [number, number] {
  for (;;) {
    const dx = random.next() * 2 - 1
    const dy = random.next() * 2 - 1
    if (dx * dx + dy * dy <= 1) return [dx, dy]
  }
}
