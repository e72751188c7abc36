import type { Size } from '../cpral/config'

export const SCENE_SIZE: Size = { height: 128, width: 256 }

export function generateScene(seed: number, index: number, size = SCENE_SIZE): { rgb: Uint8Array; labels: Uint8Array } {
  const rgb = new Uint8Array(size.height * size.width * 3).fill((seed + index) % 256)
  return { rgb, labels: new Uint8Array(size.height * size.width).fill(index % 19) }
}
