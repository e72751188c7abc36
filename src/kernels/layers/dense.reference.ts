/** activation(x W + b): x [items, inputs], weights [inputs, outputs] -> [items, outputs]. */
export function denseReference(
  x: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
  activation: 'none' | 'relu',
): Float32Array {
  const outputs = bias.length
  const inputs = weights.length / outputs
  return Float32Array.from({ length: (x.length / inputs) * outputs }, (_, k) => {
    const [n, o] = [Math.floor(k / outputs), k % outputs]
    let sum = bias[o]
    for (let i = 0; i < inputs; i++) sum += x[n * inputs + i] * weights[i * outputs + o]
    return activation === 'relu' ? Math.max(0, sum) : sum
  })
}

/** Gradients of the layer by x, weights and bias; a relu passes nothing where y is 0. */
export function denseGradReference(
  x: Float32Array,
  weights: Float32Array,
  y: Float32Array,
  dy: Float32Array,
  activation: 'none' | 'relu',
): { dx: Float32Array; dweights: Float32Array; dbias: Float32Array } {
  const inputs = Math.sqrt((x.length * weights.length) / y.length)
  const outputs = weights.length / inputs
  const dx = new Float64Array(x.length)
  const dweights = new Float64Array(weights.length)
  const dbias = new Float64Array(outputs)
  for (let k = 0; k < y.length; k++) {
    const [n, o] = [Math.floor(k / outputs), k % outputs]
    if (activation === 'relu' && y[k] === 0) continue
    dbias[o] += dy[k]
    for (let i = 0; i < inputs; i++) {
      dx[n * inputs + i] += dy[k] * weights[i * outputs + o]
      dweights[i * outputs + o] += dy[k] * x[n * inputs + i]
    }
  }
  return { dx: Float32Array.from(dx), dweights: Float32Array.from(dweights), dbias: Float32Array.from(dbias) }
}
