import {
  BlobReader,
  BlobWriter,
  configure,
  TextReader,
  Uint8ArrayReader,
  ZipWriter,
} from '@zip.js/zip.js/lib/zip-core.js'

// This is a worker already.
configure({ useWebWorkers: false })

/**
 * Writes a zip of any size file by file into a blob, which the browser may keep on the disk. Files are stored, not
 * compressed: they are packed already, or small.
 */
export class ZipFile {
  readonly #zip = new ZipWriter(new BlobWriter('application/zip'), { level: 0 })

  async add(path: string, content: Uint8Array | string | Blob): Promise<void> {
    await this.#zip.add(path, readerOf(content))
  }

  finish(): Promise<Blob> {
    return this.#zip.close()
  }
}

function readerOf(content: Uint8Array | string | Blob) {
  if (typeof content === 'string') return new TextReader(content)
  return content instanceof Blob ? new BlobReader(content) : new Uint8ArrayReader(content)
}
