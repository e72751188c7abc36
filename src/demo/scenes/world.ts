/** The means by which every part of a scene is drawn: canvas, camera, light, and the street's layout. */
import type { Size } from '../../domain/size'
import type { RandomStream } from '../../math/random'
import type { Point, Rgb, SceneCanvas } from './canvas'
import type { Mood } from './mood'
import { clamp01, mix } from './noise'

/** Class ids of Cityscapes (trainIds). */
export const CLASS = {
  road: 0,
  sidewalk: 1,
  building: 2,
  wall: 3,
  fence: 4,
  pole: 5,
  light: 6,
  sign: 7,
  vegetation: 8,
  terrain: 9,
  sky: 10,
  person: 11,
  rider: 12,
  car: 13,
  truck: 14,
  bus: 15,
  train: 16,
  motorcycle: 17,
  bicycle: 18,
} as const

/** A pinhole camera above the street, looking along it. Metres: x right, y up from the ground, z ahead. */
export interface Camera {
  /** Pixels. */
  centerX: number
  horizon: number
  focal: number
  /** Metres above the ground. */
  height: number
  /** The street's curve: at distance z it lies bend * z * z further right. */
  bend: number
}

/** One side of the street: offsets from the camera's line in metres, all positive. */
export interface Side {
  /** -1 left, 1 right. */
  sign: -1 | 1
  curb: number
  walkEnd: number
  /** Where the buildings stand. */
  buildingLine: number
  /** The ground between sidewalk and building line, or sidewalk and curb, is grass. */
  hasVerge: boolean
}

export interface World {
  canvas: SceneCanvas
  camera: Camera
  mood: Mood
  random: RandomStream
  /** Seed of the scene's lattice noise. */
  noiseSeed: number
  left: Side
  right: Side
}

/** The pixel at which a point of the street appears; `x` counts from the street's line, which may curve. */
export function project({ camera }: Pick<World, 'camera'>, x: number, y: number, z: number): Point {
  const scale = camera.focal / z
  return { x: camera.centerX + (x + camera.bend * z * z) * scale, y: camera.horizon + (camera.height - y) * scale }
}

/** Pixels of one metre at distance z. */
export function pixelsPerMetre({ camera }: Pick<World, 'camera'>, z: number): number {
  return camera.focal / z
}

export function makeCamera({ height, width }: Size, random: RandomStream): Camera {
  return {
    centerX: width * (0.5 + (random.next() - 0.5) * 0.24),
    horizon: height * (0.4 + random.next() * 0.09),
    focal: height * (1.45 + random.next() * 0.35),
    height: 1.35 + random.next() * 0.5,
    bend: random.next() < 0.55 ? 0 : (random.next() - 0.5) * 0.003,
  }
}

/** Colour under light: `facing` is how much of the sun a face catches, 0..1. */
export function lit({ mood }: Pick<World, 'mood'>, [red, green, blue]: Rgb, facing: number): Rgb {
  const { ambient, sun } = mood
  return [
    clamp01(red * (ambient[0] + sun[0] * facing)),
    clamp01(green * (ambient[1] + sun[1] * facing)),
    clamp01(blue * (ambient[2] + sun[2] * facing)),
  ]
}

/** How much sun catches a face of the street: turned left, turned right, towards the camera, up. */
export function facing({ mood }: Pick<World, 'mood'>, face: 'left' | 'right' | 'camera' | 'up'): number {
  if (face === 'up') return 0.85
  if (face === 'camera') return mood.sunBehind ? 0.75 : 0.15
  return (face === 'left') === mood.sunSide < 0 ? 0.8 : 0.08
}

export function mixRgb(a: Rgb, b: Rgb, t: number): Rgb {
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)]
}

export function scaleRgb([red, green, blue]: Rgb, factor: number): Rgb {
  return [clamp01(red * factor), clamp01(green * factor), clamp01(blue * factor)]
}

export function pick<T>(random: RandomStream, items: readonly T[]): T {
  return items[random.below(items.length)]
}

/** Uniform in [from, to). */
export function between(random: RandomStream, from: number, to: number): number {
  return from + (to - from) * random.next()
}

/** `color` with each channel off by up to `amount`. */
export function varied(random: RandomStream, color: Rgb, amount: number): Rgb {
  const shift = (random.next() - 0.5) * amount
  return [
    clamp01(color[0] + shift + (random.next() - 0.5) * amount),
    clamp01(color[1] + shift + (random.next() - 0.5) * amount),
    clamp01(color[2] + shift + (random.next() - 0.5) * amount),
  ]
}
