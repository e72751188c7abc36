/** The numbers of VAAL's two networks on the device. */
import type * as tf from '@tensorflow/tfjs-core'
import type { AdversaryConfig } from '../../domain/config'
import { randomStream } from '../../math/random'
import { disposeParameters, initialValues, type Parameters, viewsOf } from '../parameters'
import { AdamArena } from './adam-arena'
import { autoencoderSpecs, discriminatorSpecs, type Lookup, type NetSpecs, type Spec } from './networks'

export interface Net extends Pick<Parameters, 'values' | 'running'> {
  specs: readonly Spec[]
  arena: AdamArena
  lookup: Lookup
}

export interface Nets {
  autoencoder: Net
  discriminator: Net
}

/** A network with the numbers that `valuesOf` gives each array; running statistics begin at mean 0 and variance 1. */
export function makeNet({ specs, norms }: NetSpecs, valuesOf: (spec: Spec, index: number) => Float32Array): Net {
  const arena = new AdamArena({
    parameters: specs.map((spec, i) => ({ shape: spec.shape, values: valuesOf(spec, i) })),
    channels: norms.map(({ channels }) => channels),
  })
  const views = viewsOf(
    arena,
    specs,
    norms.map(({ name }) => name),
  )
  return { specs, arena, ...views, lookup: (name) => views.values.get(name) as tf.Tensor }
}

/**
 * New networks for a round: a pure function of seed and round.
 * @param isRated TA-VAAL's, which see the rating
 */
export function makeNets(config: AdversaryConfig, isRated: boolean, seed: number, round: number): Nets {
  const make = (name: string, specs: NetSpecs) =>
    makeNet(specs, (spec, i) => initialValues(spec, randomStream(seed, name, round, i)))
  return {
    autoencoder: make('autoencoder', autoencoderSpecs(config, isRated)),
    discriminator: make('discriminator', discriminatorSpecs(config, isRated)),
  }
}

export function disposeNets({ autoencoder, discriminator }: Nets): void {
  disposeParameters(autoencoder)
  disposeParameters(discriminator)
}
