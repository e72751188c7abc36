import { Zip, ZipPassThrough } from 'fflate'

/** Bytes gathered before they are handed to the browser, which may put them on the disk. */
const PART_BYTES = 8 * 2 ** 20

/**
 * Writes a zip file by file; what is written waits in blobs, not in this worker's memory. Files are stored as they are: masks are
 * compressed by their own format.
 */
export class ZipWriter {
  readonly #zip: Zip
  readonly #parts: Blob[] = []
  #chunks: Uint8Array<ArrayBuffer>[] = []
  #bytes = 0
  #error: Error | null = null

  constructor() {
    this.#zip = new Zip((error, chunk) => {
      if (error) this.#error = error
      else this.#take(chunk as Uint8Array<ArrayBuffer>)
    })
  }

  #take(chunk: Uint8Array<ArrayBuffer>) {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes >= PART_BYTES) this.#flush()
  }

  #flush() {
    this.#parts.push(new Blob(this.#chunks))
    this.#chunks = []
    this.#bytes = 0
  }

  add(path: string, content: Uint8Array | string) {
    const file = new ZipPassThrough(path)
    this.#zip.add(file)
    file.push(typeof content === 'string' ? new TextEncoder().encode(content) : content, true)
    if (this.#error) throw this.#error
  }

  finish(): Blob {
    this.#zip.end()
    if (this.#error) throw this.#error
    this.#flush()
    return new Blob(this.#parts, { type: 'application/zip' })
  }
}
