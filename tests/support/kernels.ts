/**
 * One harness for the kernels: a table of an operation's cases, run on every engine by every way that its kernels have there.
 * The tests read: operation > engine > case > forward, gradients, differences, repeats; and operation > engine > refuses.
 */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { BOTH_ENGINES, describeOn, type TestedEngine } from './engines'
import { expectClose, pattern, type Tolerance } from './numbers'

type Numbers = Float32Array | Int32Array

/** A tensor in plain numbers; those of an Int32Array make it int32. */
export interface Values<Shape extends number[] = number[]> {
  values: Numbers
  shape: Shape
}

/** Differentiable ones in all tensors; of several outputs, in an array or by name, through the first. */
type Operation = (...tensors: never[]) => object

/** The numbers of an output, with its shape where that is claimed too; null claims nothing. */
type Expected = ArrayLike<number> | { values: ArrayLike<number>; shape: number[] } | null

/** One for all outputs, or one for each. */
type Tolerances = Tolerance | Tolerance[]

interface Strictness {
  tolerance?: Tolerances
  gradientTolerance?: Tolerances
}

export interface Case extends Strictness {
  name: string
  engines?: readonly TestedEngine[]
  inputs: Values[]
  run: Operation
  /** Every output, by obvious loops or from a golden file. */
  want?: () => Expected[]
  /** Weights of the first output's elements, whose weighted sum is differentiated. */
  dy?: Float32Array
  /** Gradients by every input, by obvious loops or from a golden file. */
  gradients?: (dy: Float32Array) => Expected[]
  /** Compares the gradients with central differences, too. */
  differences?: Differences
  /** Outputs and gradients are the same bits whenever they are computed. */
  repeats?: boolean
}

interface Differences {
  /** Half the distance of the two points. */
  step: number
  /** Allowed distance, as a share of the largest entry of that gradient. */
  tolerance: number
}

interface Refusal {
  run: () => unknown
  /** Part of the error's sentence. */
  says: string
}

/** Engines (WASM and WebGPU, if it names none) and tolerances are those of cases that do not say their own. */
export interface KernelTable extends Strictness {
  engines?: readonly TestedEngine[]
  cases: Case[]
  /** Inputs that must throw, by name. */
  refusals?: Record<string, Refusal>
  /** Tests by hand, on every engine. */
  also?: (engine: TestedEngine) => void
}

/** No distance at all. */
export const EXACT: Tolerance = { relative: 0, absolute: 0 }

/** Repeatable numbers of a shape, in [-1, 1) unless `change` makes others of them. */
export function filled<Shape extends number[]>(
  shape: Shape,
  phase = 0,
  change?: (value: number, index: number) => number,
): Values<Shape> & { values: Float32Array } {
  const values = pattern(tf.util.sizeFromShape(shape), phase)
  return { values: change ? values.map(change) : values, shape }
}

/** Cases for other engines than the table's. */
export function on(engines: readonly TestedEngine[], ...cases: Case[]): Case[] {
  return cases.map((given) => ({ ...given, engines }))
}

/** Tests an operation by its table. */
export function describeKernel(name: string, table: KernelTable): void {
  const { engines = BOTH_ENGINES, cases, tolerance = {}, gradientTolerance = {}, refusals = {}, also } = table
  const prepared = cases.map((given) => new Prepared({ engines, tolerance, gradientTolerance, ...given }))
  const all = new Set(prepared.flatMap(({ given }) => given.engines))
  describeOn(name, [...all], (engine) => {
    for (const one of prepared) {
      if (one.given.engines.includes(engine)) describe(one.given.name, () => testCase(one))
    }
    for (const [what, { run, says }] of Object.entries(refusals)) {
      test(`refuses ${what}`, () => {
        const before = tf.memory().numTensors
        expect(() => tf.tidy(() => void run())).toThrow(says)
        expect(tf.memory().numTensors).toBe(before)
      })
    }
    also?.(engine)
  })
}

type Chosen = Case & Required<Pick<KernelTable, 'engines' | keyof Strictness>>

/** A case, with the numbers that are the same for every engine: they are computed once. */
class Prepared {
  readonly given: Chosen
  #want: Expected[] | undefined
  #dy: Values | undefined
  #gradients: Expected[] | undefined

  constructor(given: Chosen) {
    this.given = given
  }

  get want(): Expected[] {
    this.#want ??= this.given.want?.() ?? []
    return this.#want
  }

  get dy(): Values {
    const { inputs, run, dy } = this.given
    if (!this.#dy) {
      const [{ shape }] = tf.tidy(() => outputsOf(apply(run, inputs.map(upload))))
      this.#dy = dy ? { values: dy, shape } : filled(shape, 31)
    }
    return this.#dy
  }

  get gradients(): Expected[] {
    this.#gradients ??= this.given.gradients?.(this.dy.values as Float32Array) ?? []
    return this.#gradients
  }
}

function testCase(prepared: Prepared): void {
  const { inputs, run, want, gradients, differences, repeats, tolerance, gradientTolerance } = prepared.given
  if (want) {
    test('forward', async () => {
      expectOutputs('output', await evaluate(inputs, run), prepared.want, tolerance)
    })
  }
  if (gradients) {
    test('gradients', async () => {
      const got = await gradientsOf(inputs, run, prepared.dy)
      expectOutputs('gradient of input', got, prepared.gradients, gradientTolerance)
    })
  }
  if (differences) {
    test('differences', () => checkDifferences(prepared, differences))
  }
  if (repeats) {
    test('repeats', async () => {
      const all = async () => [
        ...(await evaluate(inputs, run)),
        ...(gradients ? await gradientsOf(inputs, run, prepared.dy) : []),
      ]
      expect(await all()).toEqual(await all())
    })
  }
}

function upload({ values, shape }: Values): tf.Tensor {
  return tf.tensor(values, shape)
}

function apply(run: Operation, tensors: tf.Tensor[]): object {
  return run(...(tensors as never[]))
}

function outputsOf(result: object): tf.Tensor[] {
  return result instanceof tf.Tensor ? [result] : Object.values(result)
}

/** Runs a function of tensors on the engine and reads what comes out; fails when it leaves tensors behind. */
async function evaluate(inputs: Values[], run: Operation): Promise<Values[]> {
  const before = tf.memory().numTensors
  const outputs = tf.tidy(() => outputsOf(apply(run, inputs.map(upload))))
  const read = await Promise.all(
    outputs.map(async (output) => ({ values: await output.data<'float32' | 'int32'>(), shape: output.shape })),
  )
  tf.dispose(outputs)
  expect(tf.memory().numTensors, 'tensors that are alive').toBe(before)
  return read
}

/** Gradients of sum(dy * the first output) by every input, by tfjs's tape. */
function gradientsOf(inputs: Values[], run: Operation, dy: Values): Promise<Values[]> {
  const first = (...tensors: tf.Tensor[]) => outputsOf(apply(run, tensors))[0]
  return evaluate([...inputs, dy], (...tensors: tf.Tensor[]) => tf.grads(first)(tensors.slice(0, -1), tensors.at(-1)))
}

function expectOutputs(what: string, got: Values[], want: Expected[], tolerances: Tolerances): void {
  expect(got, `${what}s`).toHaveLength(want.length)
  for (const [i, expected] of want.entries()) {
    if (!expected) continue
    const tolerance = Array.isArray(tolerances) ? tolerances[i] : tolerances
    const hasShape = 'shape' in expected
    if (hasShape) expect(got[i].shape, `shape of ${what} ${i}`).toEqual(expected.shape)
    expectClose(got[i].values, hasShape ? expected.values : expected, tolerance, `${what} ${i}`)
  }
}

const PROBES = 10

/**
 * Compares the tape's gradients with central differences at some elements of every input. Outputs are weighted and summed
 * in float64, so that only the engine's own rounding enters.
 */
async function checkDifferences({ given: { inputs, run }, dy }: Prepared, { step, tolerance }: Differences) {
  const analytic = await gradientsOf(inputs, run, dy)
  const weighted = async (changed: Values[]) => {
    const [output] = await evaluate(changed, run)
    return (output.values as Float32Array).reduce((sum, value, i) => sum + value * dy.values[i], 0)
  }
  for (const [k, input] of inputs.entries()) {
    const gradient = analytic[k].values as Float32Array
    const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(largest, `gradient of input ${k}`).toBeGreaterThan(0)
    const stride = Math.max(1, Math.floor(input.values.length / PROBES))
    for (let i = 0; i < input.values.length; i += stride) {
      const moved = (by: number) => {
        const values = input.values.slice()
        values[i] += by
        return { change: values[i], inputs: inputs.with(k, { values, shape: input.shape }) }
      }
      const [up, down] = [moved(step), moved(-step)]
      const difference = ((await weighted(up.inputs)) - (await weighted(down.inputs))) / (up.change - down.change)
      const error = Math.abs(difference - gradient[i])
      expect(error, `element ${i} of input ${k}: ${gradient[i]}, by differences ${difference}`).toBeLessThanOrEqual(
        tolerance * largest,
      )
    }
  }
}
