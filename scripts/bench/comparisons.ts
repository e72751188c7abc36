/** What is compared with what. */
import type { EngineName } from '../../src/domain/engine'
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
  /** Where it can run; everywhere unless told. */
  engines?: EngineName[]
}

/** Time of `numerator` over time of `denominator`, labels of variants. */
export interface RatioOf {
  /** Its name in the JSON, where it has one. */
  name?: RatioName
  numerator: string
  denominator: string
}

/** A round of training and of a query over all images; labels of variants. */
export interface RoundOf {
  query: string
  step: string
  images: number
  steps: number
}

export interface Comparison {
  name: string
  title: string
  engines: EngineName[]
  /** The first one is ours; its counts are those of the table and the JSON. */
  variants: Variant[]
  ratios: RatioOf[]
  /** Of which the query's share is told. */
  rounds?: RoundOf[]
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

const NAIVE = '20 naive passes'

/** Twenty Monte-Carlo passes as the query makes them beside twenty from the image on, which must give the same logits. */
function monteCarlo(program: string, title: string, forward: string | null, ratios: RatioOf[]): Comparison {
  return {
    name: program,
    title,
    engines: ['webgpu', 'wasm'],
    variants: [
      { label: PASSES, contestant: 'ours', program },
      ...(forward ? [{ label: FORWARD, contestant: 'ours' as const, program: forward }] : []),
      { label: NAIVE, contestant: 'ours', program: `${program}-naive` },
    ],
    ratios,
    tolerance: 1e-3,
  }
}

/** Monte-Carlo passes with maps in half precision beside those with maps in single precision. */
function halfPrecision(program: string, title: string): Comparison {
  return {
    name: `${program}-half`,
    title,
    engines: ['webgpu'],
    variants: [
      { label: 'float16', contestant: 'ours', program: `${program}-half` },
      { label: 'float32', contestant: 'ours', program },
    ],
    ratios: [{ numerator: 'float32', denominator: 'float16' }],
    tolerance: 5e-3,
  }
}

const PASSES = '20 passes'
const FORWARD = 'one forward pass'
const overForward = (name: RatioName): RatioOf => ({ name, numerator: PASSES, denominator: FORWARD })
const naiveOver = (name?: RatioName): RatioOf => ({ ...(name ? { name } : {}), numerator: NAIVE, denominator: PASSES })

const TRAIN_STEP: Comparison = {
  name: 'train-step',
  title: 'Training step, light, 4x128x256',
  engines: ['webgpu', 'wasm'],
  variants: [
    { label: OURS, contestant: 'ours', program: 'train-step' },
    // tfjs has no gradients of convolutions on WASM.
    { label: STOCK, contestant: 'stock', program: 'train-step', engines: ['webgpu'] },
    { label: 'PyTorch', contestant: 'torch', program: 'train-step', engines: ['wasm'] },
  ],
  ratios: [
    { name: 'trainStepWebgpu', numerator: STOCK, denominator: OURS },
    { name: 'trainStepWasmOverTorch', numerator: OURS, denominator: 'PyTorch' },
  ],
  tolerance: 0.03,
}

const CPRAL = 'CPRAL'
const STEP = 'training step of four'
const POOL_PROGRAMS = new Map([
  ['balanced-entropy', 'query-balanced-entropy'],
  ['balanced-entropy, 10 passes', 'query-balanced-entropy-10'],
  ['balanced-margin', 'query-balanced-margin'],
  ['stratified-entropy', 'query-stratified-entropy'],
])

/** The query of one image by CPRAL and by each method that looks at the whole pool, beside a training step at its size. */
function poolQuery(suffix: string, size: string, engines: EngineName[]): Comparison {
  const methods = [...POOL_PROGRAMS.keys()]
  const ours = (label: string, program: string): Variant => ({ label, contestant: 'ours', program: program + suffix })
  return {
    name: `pool-query${suffix}`,
    title: `Query of one image, light, ${size}`,
    engines,
    variants: [
      ours(CPRAL, 'query-image'),
      ...[...POOL_PROGRAMS].map(([method, program]) => ours(method, program)),
      ours(STEP, 'train-step-query'),
    ],
    ratios: [
      ...methods.map((method) => ({ numerator: method, denominator: CPRAL })),
      ...[CPRAL, ...methods].map((method) => ({ numerator: STEP, denominator: method })),
    ],
    rounds: [300, 600, 1200].flatMap((steps) => methods.map((query) => ({ query, step: STEP, images: 200, steps }))),
  }
}

/** The part of a comparison that an engine and the contestants who are there can make. */
export function applicable(
  comparison: Comparison,
  engine: EngineName,
  present: ReadonlySet<ContestantName>,
): Comparison | null {
  if (!comparison.engines.includes(engine)) return null
  const variants = comparison.variants.filter(
    ({ contestant, engines }) => present.has(contestant) && (engines?.includes(engine) ?? true),
  )
  const labels = new Set(variants.map(({ label }) => label))
  const ratios = comparison.ratios.filter(
    ({ numerator, denominator }) => labels.has(numerator) && labels.has(denominator),
  )
  return { ...comparison, variants, ratios }
}

const BOTH: EngineName[] = ['webgpu', 'wasm']
const EXACT = { tolerance: 1e-3 }

/** tfjs has no gradients of convolutions on WASM, so there only what both have is compared. */
const KERNELS: Comparison[] = [
  againstStock('conv-dense', '3x3, 4x32x64x64 to 64', { ...EXACT, engines: BOTH }),
  againstStock('conv-dense-gradients', '3x3, 4x32x64x64 to 64, with gradients', EXACT),
  againstStock('conv-1x1', '1x1, 4x32x64x144 to 24', { ...EXACT, engines: BOTH }),
  againstStock('conv-1x1-gradients', '1x1, 4x32x64x144 to 24, with gradients', EXACT),
  againstStock('conv-depthwise', 'Depthwise 3x3, 4x32x64x144', { ...EXACT, engines: BOTH }),
  againstStock('conv-depthwise-gradients', 'Depthwise 3x3, 4x32x64x144, with gradients', EXACT),
  againstStock('conv-dilated-gradients', '3x3 dilated by 6, 4x16x32x64 to 64, with gradients', EXACT),
  againstStock('conv-dilated-depthwise-gradients', 'Depthwise 3x3 dilated by 6, 4x8x16x320, with gradients', EXACT),
  againstStock('batch-norm', 'Batch norm and ReLU6, 4x32x64x144', { ...EXACT, engines: BOTH }),
  againstStock('batch-norm-gradients', 'Batch norm and ReLU6, 4x32x64x144, with gradients', {
    ...EXACT,
    engines: BOTH,
  }),
  againstStock('dropout', 'Dropout, 4x32x64x64', { engines: BOTH }),
  againstStock('upsample-gradients', 'Upsampling, 4x8x16x64 to 32x64, with gradient', { ...EXACT, engines: BOTH }),
  againstStock('cross-entropy-gradients', 'Cross-entropy, 4x32x64x11 to 128x256, with gradient', {
    ...EXACT,
    engines: BOTH,
  }),
  againstStock('sgd', 'SGD of a million parameters', { ...EXACT, engines: BOTH }),
  againstStock('vote-entropy', 'Vote entropy, 20x45x60x11 to 180x240', { ...EXACT, engines: BOTH }),
  againstStock('rga', 'Gaussian attention, w = 128, 512x1024 (stock: 16 of its 512 rows)', {
    ...EXACT,
    name: 'rga128',
  }),
]

export const COMPARISONS: Comparison[] = [
  TRAIN_STEP,
  ...KERNELS,
  monteCarlo('mc20-decoder', '20 passes, light, dropout decoder, 180x240', 'forward-light', [
    overForward('mc20Decoder'),
    naiveOver(),
  ]),
  monteCarlo('mc20-head', '20 passes, light, dropout head, 180x240', 'forward-light', [
    overForward('mc20Head'),
    naiveOver(),
  ]),
  monteCarlo('mc20-paper-mobilenet', '20 passes, paper, MobileNetV2, 64x128', null, [naiveOver('mc20PaperMobileNet')]),
  monteCarlo('mc20-paper-drn22', '20 passes, paper, DRN-D-22, 64x128', null, [naiveOver('mc20PaperDrn22')]),
  halfPrecision('mc20-decoder', '20 passes, light, dropout decoder, 180x240, by precision of their maps'),
  halfPrecision('mc20-paper-mobilenet', '20 passes, paper, MobileNetV2, 64x128, by precision of their maps'),
  {
    name: 'forward',
    title: 'Forward pass, light, 180x240, image sent and logits read',
    engines: ['webgpu', 'wasm'],
    variants: [
      { label: OURS, contestant: 'ours', program: 'forward-read' },
      { label: 'onnxruntime-web', contestant: 'ort', program: 'forward' },
    ],
    ratios: [{ name: 'forwardOverOrt', numerator: OURS, denominator: 'onnxruntime-web' }],
    tolerance: 1e-3,
  },
  {
    name: 'query-image',
    title: 'Query of one image, light, 180x240, 20 passes',
    engines: ['webgpu', 'wasm'],
    variants: [{ label: OURS, contestant: 'ours', program: 'query-image' }],
    ratios: [],
  },
  poolQuery('', '180x240', ['webgpu', 'wasm']),
  // Minutes a step on a software adapter.
  poolQuery('-person', '384x512', ['wasm']),
  againstStock('cle', 'Attention of label extension, 256x512, stride 8', { ...EXACT, engines: BOTH, name: 'cle' }),
  {
    name: 'cle-stride-4',
    title: 'Attention of label extension, 384x512, stride 4',
    engines: BOTH,
    variants: [{ label: OURS, contestant: 'ours', program: 'cle-stride-4' }],
    ratios: [],
  },
]
