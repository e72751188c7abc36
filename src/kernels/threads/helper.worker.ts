/** A helper thread of the WASM kernels: instantiates them on the shared memory and serves until it is terminated. */
import { type HelperStart, JobBoard } from './jobs'

self.onmessage = ({ data: { module, memory, block, workspace } }: MessageEvent<HelperStart>) => {
  const instance = new WebAssembly.Instance(module, { env: { memory } })
  ;(instance.exports.setWorkspace as (address: number) => void)(workspace)
  new JobBoard(module, instance, block).serve(() => self.postMessage('ready'))
}
