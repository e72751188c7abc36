/** factor * the sum over the rows of each item and channel: x [items, rows, channels] -> [items, channels]. */
export function channelSumsReference(x: Float32Array, items: number, channels: number, factor: number): Float32Array {
  const rows = x.length / items / channels
  const sums = new Float64Array(items * channels)
  for (let i = 0; i < x.length; i++) sums[Math.floor(i / (rows * channels)) * channels + (i % channels)] += x[i]
  return Float32Array.from(sums, (sum) => factor * sum)
}

/** factor * x [items, channels] at each of `rows` rows: [items, rows, channels]. */
export function channelBroadcastReference(x: Float32Array, items: number, rows: number, factor: number): Float32Array {
  const channels = x.length / items
  return Float32Array.from({ length: x.length * rows }, (_, i) => {
    return factor * x[Math.floor(i / (rows * channels)) * channels + (i % channels)]
  })
}
