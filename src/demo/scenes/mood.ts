/** Light and air of a scene: time of day, weather. */
import type { RandomStream } from '../../math/random'
import type { Rgb } from './canvas'

export interface Mood {
  skyTop: Rgb
  skyLow: Rgb
  cloud: Rgb
  /** Share of the sky that clouds cover, 0..1. */
  cloudiness: number
  /** Light that reaches every face, and light that the sun adds to faces turned to it. */
  ambient: Rgb
  sun: Rgb
  /** The side on which the sun stands, and whether it lights faces turned to the camera. */
  sunSide: -1 | 1
  sunBehind: boolean
  /** How dark cast shadows are: 0 none. */
  shadow: number
  haze: Rgb
  /** Per metre. */
  hazeDensity: number
  /** Share of windows and lamps that are lit. */
  lamps: number
  /** The street is wet: it mirrors the sky. */
  wetness: number
}

type MoodColors = Omit<Mood, 'sunSide' | 'sunBehind'>

const NOON: MoodColors = {
  skyTop: [0.27, 0.5, 0.82],
  skyLow: [0.68, 0.81, 0.93],
  cloud: [0.97, 0.97, 0.98],
  cloudiness: 0.3,
  ambient: [0.54, 0.58, 0.66],
  sun: [0.52, 0.49, 0.43],
  shadow: 0.42,
  haze: [0.74, 0.81, 0.88],
  hazeDensity: 0.0035,
  lamps: 0.02,
  wetness: 0,
}

const OVERCAST: MoodColors = {
  skyTop: [0.66, 0.69, 0.73],
  skyLow: [0.82, 0.84, 0.86],
  cloud: [0.58, 0.6, 0.64],
  cloudiness: 0.6,
  ambient: [0.74, 0.76, 0.79],
  sun: [0.07, 0.07, 0.07],
  shadow: 0.1,
  haze: [0.76, 0.78, 0.8],
  hazeDensity: 0.009,
  lamps: 0.08,
  wetness: 0.1,
}

const GOLDEN: MoodColors = {
  skyTop: [0.36, 0.47, 0.7],
  skyLow: [0.98, 0.78, 0.55],
  cloud: [0.99, 0.74, 0.56],
  cloudiness: 0.35,
  ambient: [0.5, 0.46, 0.5],
  sun: [0.62, 0.42, 0.22],
  shadow: 0.46,
  haze: [0.94, 0.77, 0.6],
  hazeDensity: 0.006,
  lamps: 0.12,
  wetness: 0,
}

const DUSK: MoodColors = {
  skyTop: [0.13, 0.19, 0.38],
  skyLow: [0.62, 0.45, 0.5],
  cloud: [0.34, 0.3, 0.42],
  cloudiness: 0.4,
  ambient: [0.34, 0.36, 0.48],
  sun: [0.08, 0.06, 0.06],
  shadow: 0.08,
  haze: [0.38, 0.36, 0.47],
  hazeDensity: 0.007,
  lamps: 0.55,
  wetness: 0.2,
}

const RAIN: MoodColors = {
  ...OVERCAST,
  skyTop: [0.46, 0.5, 0.55],
  skyLow: [0.64, 0.67, 0.7],
  cloud: [0.4, 0.43, 0.48],
  ambient: [0.55, 0.58, 0.62],
  haze: [0.6, 0.63, 0.66],
  hazeDensity: 0.016,
  lamps: 0.25,
  wetness: 0.6,
}

/** Moods with their share of the scenes. */
const MOODS: [MoodColors, number][] = [
  [NOON, 0.36],
  [OVERCAST, 0.22],
  [GOLDEN, 0.18],
  [DUSK, 0.12],
  [RAIN, 0.12],
]

export function drawMood(random: RandomStream): Mood {
  let left = random.next()
  const chosen = MOODS.find(([, share]) => {
    left -= share
    return left < 0
  })
  const [colors] = chosen ?? MOODS[0]
  const brightness = 0.9 + random.next() * 0.2
  const scaled = ([red, green, blue]: Rgb): Rgb => [red * brightness, green * brightness, blue * brightness]
  return {
    ...colors,
    ambient: scaled(colors.ambient),
    sun: scaled(colors.sun),
    cloudiness: colors.cloudiness * (0.4 + random.next() * 1.1),
    hazeDensity: colors.hazeDensity * (0.6 + random.next() * 1.1),
    sunSide: random.next() < 0.5 ? -1 : 1,
    sunBehind: random.next() < 0.5,
  }
}
