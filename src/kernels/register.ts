/** Registers our kernels with tfjs, over its own where it has one of that name and backend. */
import * as tf from '@tensorflow/tfjs-core'

/** tfjs's own kernels that ours have replaced, by backend and name. */
const stock = new Map<string, tf.KernelConfig>()

const keyOf = (kernelName: string, backendName: string) => `${backendName} ${kernelName}`

/** Registering a kernel again, after a new start of its backend, changes nothing. */
export function registerKernel(kernel: tf.KernelConfig): void {
  const { kernelName, backendName } = kernel
  const known = tf.getKernel(kernelName, backendName)
  if (known === kernel) return
  if (known) {
    stock.set(keyOf(kernelName, backendName), known)
    tf.unregisterKernel(kernelName, backendName)
  }
  tf.registerKernel(kernel)
}

/** tfjs's own kernel that ours of that name has replaced. */
export function stockKernel(kernelName: string, backendName: string): tf.KernelConfig {
  const kernel = stock.get(keyOf(kernelName, backendName))
  if (!kernel) throw new Error(`tfjs has no kernel ${kernelName} of its own for ${backendName}.`)
  return kernel
}
