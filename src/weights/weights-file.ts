/** A weights file of any kind that is read here: safetensors, or PyTorch's .pth and .pt. */
import { AppError, FileFault } from '../domain/errors'
import { refuseLfsPointer } from '../domain/lfs-pointer'
import { isPytorchFile, readPytorchFile } from './pytorch-file'
import { type NamedArrays, readSafetensors } from './safetensors'

const LESS_THAN_SIGN = 0x3c

/**
 * The tensors of a weights file by the names it gives them, as float32.
 * @param name the file's name, for error sentences
 * @throws AppError 'bad_file'
 */
export function readWeightsFile(bytes: ArrayBuffer, name: string): NamedArrays {
  const view = new Uint8Array(bytes)
  try {
    refuseLfsPointer(view)
    if (isPytorchFile(view)) return readPytorchFile(view)
  } catch (error) {
    throw error instanceof FileFault ? error.named(`The weights file "${name}"`) : error
  }
  if (isWebPage(view)) {
    throw new AppError(
      'bad_file',
      `"${name}" is a web page, not a weights file.`,
      'Take the address of the file itself: on huggingface.co the one with /resolve/ in place of /blob/.',
    )
  }
  return readSafetensors(bytes, name)
}

function isWebPage(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 64).find((byte) => byte > 0x20)
  return start === LESS_THAN_SIGN
}
