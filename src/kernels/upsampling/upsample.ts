import * as tf from '@tensorflow/tfjs-core'

export interface UpsampleGradAttrs {
  height: number
  width: number
}

/**
 * Bilinear upsampling with aligned corners. Differentiable in x.
 * @param x [N, h, w, C]
 * @returns [N, height, width, C]
 */
export function upsample(x: tf.Tensor4D, size: { height: number; width: number }): tf.Tensor4D {
  const [, height, width] = x.shape
  return tf.customGrad((input) => ({
    value: tf.image.resizeBilinear(input as tf.Tensor4D, [size.height, size.width], true),
    gradFunc: (dy: tf.Tensor) => {
      // tfjs's gradient of a map that is one sample wide is wrong on WebGPU, so an own kernel takes precedence where there is one.
      if (tf.getKernel('UpsampleGrad', tf.getBackend())) {
        return tf.engine().runKernel('UpsampleGrad', { dy }, { height, width }) as tf.Tensor
      }
      const images = tf.zeros(x.shape)
      return tf
        .engine()
        .runKernel(
          'ResizeBilinearGrad',
          { images, dy },
          { alignCorners: true, halfPixelCenters: false, size: [height, width] },
        ) as tf.Tensor
    },
  }))(x) as tf.Tensor4D
}
