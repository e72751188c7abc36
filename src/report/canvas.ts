/** Pixels as pictures that a page holds in itself. */
import type { Size } from '../domain/size'

export function canvasOf({ height, width }: Size): {
  canvas: OffscreenCanvas
  context: OffscreenCanvasRenderingContext2D
} {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('The browser gives no 2D canvas for the pictures of the report.')
  return { canvas, context }
}

export async function dataUrlOf(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return `data:${blob.type};base64,${btoa(text)}`
}

export async function pngOf(canvas: OffscreenCanvas): Promise<string> {
  return dataUrlOf(await canvas.convertToBlob({ type: 'image/png' }))
}

export async function pngOfBytes(rgba: Uint8ClampedArray<ArrayBuffer>, size: Size): Promise<string> {
  const { canvas, context } = canvasOf(size)
  context.putImageData(new ImageData(rgba, size.width, size.height), 0, 0)
  return await pngOf(canvas)
}
