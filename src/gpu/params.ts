/**
 * The uniform `Params` of a WGSL module by name. Its layout is read from the module's own `struct Params`, so that the order in
 * which a kernel names its numbers means nothing, and a name that one of the two lacks is an error rather than a wrong result.
 */
import type { WgslModule } from './pipeline'

/** A number for each scalar member of the module's `Params`, an array for each vector. */
export type Params = Readonly<Record<string, number | readonly number[]>>

interface Member {
  name: string
  isFloat: boolean
  /** Components: 1 to 4. */
  size: number
  /** Place of its first component, in words of four bytes. */
  offset: number
}

const TYPE = /^(?:(u32|i32|f32)|vec([234])(?:([uif])|<(u32|i32|f32)>))$/

/** Words that a member's offset is a multiple of, by its components: WGSL, "Alignment and Size". */
const ALIGNMENTS = [1, 1, 2, 4, 4]

const roundUp = (offset: number, alignment: number) => Math.ceil(offset / alignment) * alignment

/** The text of `struct Params`, without comments. */
function declaration({ label, source }: WgslModule): string {
  const text = source.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '')
  const members = /\bstruct\s+Params\s*\{([^}]*)\}/.exec(text)?.[1]
  if (members === undefined) throw new Error(`The kernel ${label} declares no struct Params.`)
  return members
}

function readMembers(module: WgslModule): Member[] {
  let end = 0
  const members = declaration(module).split(',')
  return members
    .map((member) => member.trim())
    .filter((member) => member !== '')
    .map((member) => {
      const [, name, type] = /^(\w+)\s*:\s*(.+)$/.exec(member) ?? []
      const [, scalar, size = '1', letter, component] = TYPE.exec(type ?? '') ?? []
      const number = scalar ?? letter ?? component
      if (!name || !number) {
        throw new Error(`The kernel ${module.label} has a member of Params that cannot be filled: "${member}".`)
      }
      const offset = roundUp(end, ALIGNMENTS[Number(size)])
      end = offset + Number(size)
      return { name, isFloat: number.startsWith('f'), size: Number(size), offset }
    })
}

/** Writes the numbers of one module's `Params`. */
export class ParamsLayout {
  readonly #label: string
  readonly #members: readonly Member[]
  readonly #words: Uint32Array<ArrayBuffer>
  readonly #floats: Float32Array

  /** @throws Error where the module has no `struct Params`, or one with other members than numbers and vectors of numbers */
  constructor(module: WgslModule) {
    this.#label = module.label
    this.#members = readMembers(module)
    const end = this.#members.reduce((most, { offset, size }) => Math.max(most, offset + size), 0)
    const alignment = this.#members.reduce((most, { size }) => Math.max(most, ALIGNMENTS[size]), 1)
    this.#words = new Uint32Array(roundUp(end, alignment))
    this.#floats = new Float32Array(this.#words.buffer)
  }

  /**
   * Integers are written modulo 2^32, negative ones as two's complement.
   * @returns the words of the uniform buffer, in an array that the next call writes over
   * @throws Error that names the module and the name, where one of `params` is missing, is not declared or has another length
   */
  pack(params: Params): Uint32Array<ArrayBuffer> {
    for (const { name, isFloat, size, offset } of this.#members) {
      const value = params[name]
      const target = isFloat ? this.#floats : this.#words
      if (typeof value === 'number' && size === 1) target[offset] = value
      else if (typeof value === 'object' && size === value.length && size > 1) target.set(value, offset)
      else this.#refuse(name, value, size)
    }
    if (Object.keys(params).length > this.#members.length) this.#refuseUndeclared(params)
    return this.#words
  }

  #refuse(name: string, value: number | readonly number[] | undefined, size: number): never {
    if (value === undefined) throw new Error(`The kernel ${this.#label} was not given its parameter ${name}.`)
    throw new Error(`The parameter ${name} of the kernel ${this.#label} has the wrong length: it takes ${size}.`)
  }

  #refuseUndeclared(params: Params): never {
    const declared = new Set(this.#members.map(({ name }) => name))
    const names = Object.keys(params).filter((name) => !declared.has(name))
    throw new Error(`The kernel ${this.#label} has no parameter ${names.join(', ')}.`)
  }
}
