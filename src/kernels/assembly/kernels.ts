/** All kernels of the WASM binary. Pointers are byte addresses in tfjs's heap; there is no static data and no allocation. */
export { fill } from './fill'
