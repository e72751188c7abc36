/**
 * Least-recently-used cache of byte rasters, bounded in bytes. Concurrent requests for one key share one computation.
 */
export class RasterCache {
  readonly #entries = new Map<string, Uint8Array>()
  readonly #pending = new Map<string, Promise<Uint8Array>>()
  #bytes = 0

  constructor(readonly limitBytes: number) {}

  async get(key: string, compute: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.#entries.get(key)
    if (known) {
      // Moves the key to the young end of the map's insertion order.
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known
    }
    let pending = this.#pending.get(key)
    if (!pending) {
      pending = compute().finally(() => this.#pending.delete(key))
      this.#pending.set(key, pending)
      this.#add(key, await pending)
    }
    return pending
  }

  #add(key: string, raster: Uint8Array): void {
    this.#entries.set(key, raster)
    this.#bytes += raster.byteLength
    for (const [oldest, { byteLength }] of this.#entries) {
      if (this.#bytes <= this.limitBytes || oldest === key) break
      this.#entries.delete(oldest)
      this.#bytes -= byteLength
    }
  }
}
