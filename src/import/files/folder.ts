import type { SourceFile } from '../../domain/dataset'
import { FileFault } from '../../domain/errors'
import { refuseLfsPointer } from '../../domain/lfs-pointer'
import { decodeMask } from '../../image/image-file'
import type { LabelPng } from '../../image/label-png'
import type { FolderReader } from '../layouts/dataset'

/** Within these bytes nearly every image says its size; a thumbnail and a colour profile may come first. */
const HEAD_BYTES = 2 ** 18

/** The files of a dropped folder by path. */
export class Folder implements FolderReader {
  readonly #files: Map<string, File>

  /** `onRead` is told of every file that is read; it may throw to stop. */
  constructor(
    files: readonly SourceFile[],
    private readonly onRead: (path: string) => void,
  ) {
    this.#files = new Map(files.map(({ path, file }) => [path, file]))
  }

  get paths(): string[] {
    return [...this.#files.keys()]
  }

  /** @throws AppError `bad_file` when the file has gone or may not be read */
  async text(path: string): Promise<string> {
    try {
      return new TextDecoder().decode(await this.bytes(path))
    } catch (error) {
      throw error instanceof FileFault ? error.named(`"${path}"`) : error
    }
  }

  /** @throws FileFault when the file has gone, may not be read, or is a pointer of Git LFS to the file */
  async bytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
    this.onRead(path)
    const bytes = await this.#read(path)
    refuseLfsPointer(bytes)
    return bytes
  }

  async #read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return new Uint8Array((await this.#files.get(path)?.arrayBuffer()) ?? new ArrayBuffer(0))
    } catch (cause) {
      throw new FileFault('could not be read from the disk', 'Check that it is still there, then import again.', {
        cause,
      })
    }
  }

  /** @throws FileFault when the file is no picture, or damaged */
  async picture(path: string): Promise<{ mask: LabelPng; isLossy: boolean }> {
    return decodeMask(await this.bytes(path))
  }

  /** The first `bytes` of a file; empty where it cannot be read. */
  async head(path: string, bytes = HEAD_BYTES): Promise<Uint8Array> {
    const head = this.#files.get(path)?.slice(0, bytes).arrayBuffer()
    return new Uint8Array((await head?.catch(() => undefined)) ?? new ArrayBuffer(0))
  }
}
