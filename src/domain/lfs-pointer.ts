import { FileFault } from './errors'

const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

/**
 * Refuses the few lines of text that git leaves in place of a large file that was not fetched.
 * @throws FileFault
 */
export function refuseLfsPointer(bytes: Uint8Array): void {
  if (new TextDecoder('latin1').decode(bytes.subarray(0, LFS_POINTER.length)) !== LFS_POINTER) return
  throw new FileFault(
    'is not the file itself but a pointer of Git LFS to it, a few lines of text',
    'Fetch the files with "git lfs pull" in the repository, then choose them again.',
  )
}
