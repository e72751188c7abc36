/** Forward passes, Monte-Carlo passes and the query of one image on our engine. */
import * as tf from '@tensorflow/tfjs-core'
import { profileOf } from '../../../src/cpral/gaussian-attention'
import { METHODS } from '../../../src/cpral/methods'
import { poolRule, poolSettings } from '../../../src/cpral/pool-rules'
import type {
  CpralConfig,
  DropoutSite,
  EncoderName,
  MethodName,
  MonteCarloConfig,
  PresetName,
} from '../../../src/domain/config'
import type { Size } from '../../../src/domain/size'
import { foldParameters, inferenceExecutor } from '../../../src/model/executors'
import { inputTensor } from '../../../src/model/images'
import type { DropoutLayer } from '../../../src/model/layers'
import { committeeLogits } from '../../../src/model/monte-carlo'
import { buildNetwork, forwardSegmentation } from '../../../src/model/network'
import { disposeParameters, initialParameters, loadWeights } from '../../../src/model/parameters'
import { createLearner } from '../../../src/model/tf-learner'
import { countMultiplyAdds } from './multiply-adds'
import type { Program, Programs } from './serve'
import { CLASSES, classMeans, configOf, PERSON_SIZE, publishedWeights, QUERY_SIZE, sampleImage } from './workload'

/** The paper's nets at this size take seconds, not minutes, on a software adapter; the ratios hardly depend on it. */
const PAPER_SIZE = { height: 64, width: 128 }

interface NetChoice {
  preset: PresetName
  encoder: EncoderName
  size: Size
  site: DropoutSite
  precision?: MonteCarloConfig['precision']
}

const LIGHT = { preset: 'light', encoder: 'mobilenetv2', size: QUERY_SIZE } as const
const PAPER = { preset: 'paper', size: PAPER_SIZE, site: 'decoder' } as const

/** Which dropouts are active in a naive pass. */
const ACTIVE: Record<DropoutSite, readonly DropoutLayer[]> = {
  decoder: ['aspp', 'decoderFirst', 'decoderLast'],
  encoder: ['encoderHigh', 'encoderLow'],
  head: ['decoderLast'],
}

function openNet({ preset, encoder, size, site, precision = 'float32' }: NetChoice) {
  const config = configOf(preset, { size, network: { encoder }, monteCarlo: { dropout: site, precision } })
  const network = buildNetwork(config.network, CLASSES)
  const parameters = initialParameters(network, 1)
  loadWeights(parameters, publishedWeights(network), 'bench')
  const folded = foldParameters(network, parameters)
  const image = inputTensor(sampleImage(0, size).rgb, size)
  return {
    forward: (input = image) => forwardSegmentation(network, inferenceExecutor(folded), input).logits,
    committee: () => committeeLogits(network, folded, image, config, 1),
    naive: () =>
      naivePasses(config, (firstPass) => {
        const active = { layers: ACTIVE[site], seed: 1, firstPass }
        return forwardSegmentation(network, inferenceExecutor(folded, active), image).logits
      }),
    dispose: () => {
      folded.dispose()
      disposeParameters(parameters)
      image.dispose()
    },
  }
}

/** Every pass from the image on. */
function naivePasses({ monteCarlo }: CpralConfig, pass: (index: number) => tf.Tensor4D): tf.Tensor4D {
  return tf.concat(Array.from({ length: monteCarlo.passes }, (_, i) => tf.tidy(() => pass(i))))
}

/** Means of every pass's logits by class: what two ways of computing the same passes must share. */
async function meanLogits(logits: () => tf.Tensor4D): Promise<number[]> {
  const means = tf.tidy(() => {
    const all = logits()
    return tf.mean(tf.slice(all, [0, 0, 0, 0], [-1, -1, -1, CLASSES]), [1, 2])
  })
  const values = [...(await means.data())]
  means.dispose()
  return values
}

function program(choice: NetChoice, way: 'forward' | 'committee' | 'naive'): Program {
  const net = openNet(choice)
  const run = () => tf.tidy(() => void net[way]())
  return {
    run,
    fingerprint: async () => (way === 'forward' ? [] : meanLogits(net[way])),
    multiplyAdds: () => countMultiplyAdds(run),
    dispose: net.dispose,
  }
}

/** A forward pass with its image sent and its logits read back, as onnxruntime-web makes it. */
function forwardAndRead(): Program {
  const net = openNet({ ...LIGHT, site: 'decoder' })
  const read = async () => {
    const logits = tf.tidy(() => net.forward(inputTensor(sampleImage(0, QUERY_SIZE).rgb, QUERY_SIZE)))
    const values = await logits.data<'float32'>()
    logits.dispose()
    return values
  }
  return { run: read, fingerprint: async () => classMeans(await read()), dispose: net.dispose }
}

/** The query's chain for one image, with what is read back: committee, entropy, attention, suppression. */
function queryImage(size: Size): Program {
  const { learner, image } = queryOf('cpral', size)
  return { run: () => learner.query(image), dispose: () => learner.dispose() }
}

/** The same by a method that looks at the whole pool: windows are scored class by class, and ranked later. */
function scoreImage(method: MethodName, size: Size, passes?: number): Program {
  const { config, learner, image } = queryOf(method, size, passes)
  const rule = poolRule(METHODS[method])
  if (!rule) throw new Error(`${method} does not look at the whole pool.`)
  const wantsRating = rule.usesRating && poolSettings(config.selection).ratingPrior > 0
  const request = { ...image, uncertainty: rule.uncertainty, wantsRating, wantsMap: false }
  return { run: () => learner.classScores(request), dispose: () => learner.dispose() }
}

function queryOf(method: MethodName, size: Size, passes = 20) {
  const config = configOf('light', { size, selection: { method }, monteCarlo: { passes } })
  const { regionSide } = config.selection
  const network = buildNetwork(config.network, CLASSES)
  const learner = createLearner(config, CLASSES, { arrays: publishedWeights(network), fileName: 'bench' })
  learner.prepareInference()
  const { rgb } = sampleImage(0, size)
  const profile = { attentionProfile: profileOf(METHODS[method], config.selection), regionSide }
  return { config, learner, image: { rgb, seed: 1, vote: 'hard' as const, labelled: null, ...profile } }
}

const POOL_METHODS = ['balanced-entropy', 'balanced-margin', 'stratified-entropy'] as const

/** Queries of one image by CPRAL and by the methods of the whole pool: `query-METHOD`, with a size's suffix. */
function queryPrograms(suffix: string, size: Size): Programs {
  const scores = POOL_METHODS.map((method) => [`query-${method}${suffix}`, () => scoreImage(method, size)])
  return {
    [`query-image${suffix}`]: () => queryImage(size),
    [`query-balanced-entropy-10${suffix}`]: () => scoreImage('balanced-entropy', size, 10),
    ...Object.fromEntries(scores),
  }
}

export const passPrograms: Programs = {
  'forward-light': () => program({ ...LIGHT, site: 'decoder' }, 'forward'),
  'mc20-decoder': () => program({ ...LIGHT, site: 'decoder' }, 'committee'),
  'mc20-decoder-naive': () => program({ ...LIGHT, site: 'decoder' }, 'naive'),
  'mc20-decoder-half': () => program({ ...LIGHT, site: 'decoder', precision: 'float16' }, 'committee'),
  'mc20-head': () => program({ ...LIGHT, site: 'head' }, 'committee'),
  'mc20-head-naive': () => program({ ...LIGHT, site: 'head' }, 'naive'),
  'mc20-paper-mobilenet': () => program({ ...PAPER, encoder: 'mobilenetv2' }, 'committee'),
  'mc20-paper-mobilenet-naive': () => program({ ...PAPER, encoder: 'mobilenetv2' }, 'naive'),
  'mc20-paper-mobilenet-half': () => program({ ...PAPER, encoder: 'mobilenetv2', precision: 'float16' }, 'committee'),
  'mc20-paper-drn22': () => program({ ...PAPER, encoder: 'drn-d-22' }, 'committee'),
  'mc20-paper-drn22-naive': () => program({ ...PAPER, encoder: 'drn-d-22' }, 'naive'),
  'forward-read': forwardAndRead,
  ...queryPrograms('', QUERY_SIZE),
  ...queryPrograms('-person', PERSON_SIZE),
}
