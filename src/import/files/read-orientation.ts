import { orientation as exifOrientation } from 'exifr'

/** EXIF orientation of an image file, 1..8; 1 when it says nothing. */
export async function readOrientation(file: Blob): Promise<number> {
  const value = await exifOrientation(file).catch(() => undefined) // No EXIF that can be read is no rotation.
  return value !== undefined && value >= 1 && value <= 8 ? value : 1
}
