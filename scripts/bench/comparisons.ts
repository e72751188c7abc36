/** What is compared with what. */
import type { EngineName } from '../../src/rpc/contract'
import type { ContestantName } from './contract'

/** Names in the JSON; see docs/benchmarks.md. */
export const RATIOS = [
  'trainStepWebgpu',
  'trainStepWasmOverTorch',
  'mc20Decoder',
  'mc20Head',
  'mc20PaperMobileNet',
  'mc20PaperDrn22',
  'rga128',
  'cle',
  'forwardOverOrt',
] as const
export type RatioName = (typeof RATIOS)[number]

/** One program of one contestant. */
export interface Variant {
  label: string
  contestant: ContestantName
  program: string
}

/** Time of `numerator` over time of `denominator`, labels of variants. */
export interface RatioOf {
  /** Its name in the JSON, where it has one. */
  name?: RatioName
  numerator: string
  denominator: string
}

export interface Comparison {
  name: string
  title: string
  engines: EngineName[]
  /** The first one is ours; its counts are those of the table and the JSON. */
  variants: Variant[]
  ratios: RatioOf[]
  /** Largest relative difference of the variants' fingerprints. */
  tolerance?: number
}

const OURS = 'ours'
const STOCK = 'stock tfjs'

/** Ours against stock tfjs by a program that both have. */
function againstStock(
  program: string,
  title: string,
  options: { engines?: EngineName[]; name?: RatioName; tolerance?: number } = {},
): Comparison {
  const { engines = ['webgpu'], name, tolerance } = options
  return {
    name: program,
    title,
    engines,
    variants: [
      { label: OURS, contestant: 'ours', program },
      { label: STOCK, contestant: 'stock', program },
    ],
    ratios: [{ ...(name ? { name } : {}), numerator: STOCK, denominator: OURS }],
    ...(tolerance === undefined ? {} : { tolerance }),
  }
}

export const COMPARISONS: Comparison[] = [
  againstStock('train-step', 'Training step, light, 4x128x256', { name: 'trainStepWebgpu', tolerance: 0.01 }),
]
