/** A helper thread of the WASM kernels: instantiates them on the shared memory and serves until it is terminated. */
import { type HelperStart, JobBoard } from './jobs'

self.onmessage = ({ data: { module, memory, block } }: MessageEvent<HelperStart>) => {
  const instance = new WebAssembly.Instance(module, { env: { memory } })
  new JobBoard(module, instance, block).serve(() => self.postMessage('ready'))
}
