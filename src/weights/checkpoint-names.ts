/** The names of a checkpoint's arrays: a network's own under their published names, and what belongs to its training. */
import type { NamedArray, NamedArrays } from './safetensors'

/** Before the name of a parameter: its momentum. */
export const MOMENTUM = 'momentum.'
/** Before the name of a parameter or a running statistic: its average over the round's steps. */
export const AVERAGE = 'average.'

/** The network of a checkpoint that is measured and asks: the averages, where it has any, without momenta. */
export function networkOf(checkpoint: NamedArrays): NamedArrays {
  const isNetwork = (name: string) => !name.startsWith(MOMENTUM) && !name.startsWith(AVERAGE)
  const names = [...checkpoint.keys()].filter(isNetwork)
  return new Map(
    names.map((name) => [name, checkpoint.get(`${AVERAGE}${name}`) ?? checkpoint.get(name)] as [string, NamedArray]),
  )
}
