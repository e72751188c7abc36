/** What the tests of the kernels share. */
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { pattern } from './numbers'

/** Inputs of the golden file, which holds them as integers. */
export function from256ths(values: readonly number[]): Float32Array {
  return Float32Array.from(values, (value) => value / 256)
}

export interface Values {
  values: Float32Array
  shape: number[]
}

function upload({ values, shape }: Values): tf.Tensor {
  return tf.tensor(values, shape)
}

/** Runs a function of tensors on the engine and reads what comes out; fails when it leaves tensors behind. */
export async function evaluate(
  inputs: Values[],
  run: (...tensors: tf.Tensor[]) => tf.Tensor[],
): Promise<Float32Array[]> {
  const before = tf.memory().numTensors
  const outputs = tf.tidy(() => run(...inputs.map(upload)))
  const values = await Promise.all(outputs.map((output) => output.data<'float32'>()))
  tf.dispose(outputs)
  expect(tf.memory().numTensors).toBe(before)
  return values
}

/** Gradients of sum(dy * run(...)) by every input, by tfjs's tape. */
export function gradients(
  inputs: Values[],
  dy: Values,
  run: (...tensors: tf.Tensor[]) => tf.Tensor,
): Promise<Float32Array[]> {
  return evaluate([...inputs, dy], (...tensors) => tf.grads(run)(tensors.slice(0, -1), tensors[tensors.length - 1]))
}

export interface DifferenceOptions {
  /** Half the distance of the two points. */
  step: number
  /** Allowed distance, as a share of the largest entry of that gradient. */
  tolerance: number
}

const PROBES = 10

/**
 * Compares the tape's gradients with central differences at some elements of every input. Outputs are weighted and summed
 * in float64, so that only the engine's own rounding enters.
 */
export async function checkGradients(
  inputs: Values[],
  outputShape: number[],
  run: (...tensors: tf.Tensor[]) => tf.Tensor,
  { step, tolerance }: DifferenceOptions,
): Promise<void> {
  const size = outputShape.reduce((product, extent) => product * extent, 1)
  const dy = { values: pattern(size, 17), shape: outputShape }
  const analytic = await gradients(inputs, dy, run)
  const weighted = async (changed: Values[]) => {
    const [output] = await evaluate(changed, (...tensors) => [run(...tensors)])
    return output.reduce((sum, value, i) => sum + value * dy.values[i], 0)
  }
  for (const [k, input] of inputs.entries()) {
    const largest = analytic[k].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(largest, `gradient of input ${k}`).toBeGreaterThan(0)
    const stride = Math.max(1, Math.floor(input.values.length / PROBES))
    for (let i = 0; i < input.values.length; i += stride) {
      const moved = (by: number) => {
        const values = input.values.slice()
        values[i] += by
        return {
          change: values[i],
          inputs: inputs.map((other, j) => (j === k ? { values, shape: input.shape } : other)),
        }
      }
      const [up, down] = [moved(step), moved(-step)]
      const difference = ((await weighted(up.inputs)) - (await weighted(down.inputs))) / (up.change - down.change)
      const error = Math.abs(difference - analytic[k][i])
      expect(error, `element ${i} of input ${k}: ${analytic[k][i]}, by differences ${difference}`).toBeLessThanOrEqual(
        tolerance * largest,
      )
    }
  }
}
