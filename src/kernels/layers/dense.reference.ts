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
