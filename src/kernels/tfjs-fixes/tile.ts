import * as tf from '@tensorflow/tfjs-core'

/** Sum over the copies along one axis: [.., repeats * extent, ..] -> [.., extent, ..]. */
function sumCopies(dy: tf.Tensor, axis: number, repeats: number): tf.Tensor {
  const product = (extents: number[]) => extents.reduce((size, extent) => size * extent, 1)
  const outer = product(dy.shape.slice(0, axis))
  const inner = product(dy.shape.slice(axis)) / repeats
  const summed = tf.sum(tf.reshape(dy, [outer, repeats, inner]), 1)
  return tf.reshape(
    summed,
    dy.shape.map((extent, i) => (i === axis ? extent / repeats : extent)),
  )
}

// tf.tile and tf.broadcastTo run the kernel 'Tile'. tfjs's gradient slices every copy out and adds them one by one: 180
// slices for the image pooling branch of a 12 x 15 map. A sum over the copies is the same number.
tf.registerGradient({
  kernelName: 'Tile',
  gradFunc: (dy, _saved, attrs) => ({
    x: () =>
      (attrs as unknown as { reps: number[] }).reps.reduce(
        (sum, repeats, axis) => (repeats === 1 ? sum : sumCopies(sum, axis, repeats)),
        tf.clone(dy as tf.Tensor),
      ),
  }),
})
