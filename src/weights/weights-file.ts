/** A weights file of any kind that is read here: safetensors, or PyTorch's .pth and .pt. */
import { AppError } from '../domain/errors'
import { PickleError } from './pickle'
import { isPytorchFile, readPytorchFile } from './pytorch-file'
import { type NamedArrays, readSafetensors } from './safetensors'

const STATE_DICT = 'Save the state dict alone with torch.save(model.state_dict(), path), or choose a .safetensors file.'
const LESS_THAN_SIGN = 0x3c

/**
 * The tensors of a weights file by the names it gives them, as float32.
 * @param name the file's name, for error sentences
 * @throws AppError 'bad_file'
 */
export function readWeightsFile(bytes: ArrayBuffer, name: string): NamedArrays {
  const view = new Uint8Array(bytes)
  if (isPytorchFile(view)) {
    try {
      return readPytorchFile(view)
    } catch (error) {
      if (!(error instanceof PickleError)) throw error
      throw new AppError('bad_file', `The weights file "${name}" ${error.message}.`, STATE_DICT, { cause: error })
    }
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
