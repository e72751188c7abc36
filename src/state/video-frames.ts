/** Takes frames of a video as images at a fixed interval, and leaves out frames that look like the one before. */
import { AppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'

/** Side, in pixels, of the grey thumbnails by which frames are compared. */
const LOOK_SIDE = 24
/** Two frames whose thumbnails differ by less than this on average (0..255) count as the same. */
const SAME_BELOW = 6
/** Decimals of the second in a frame's name; no video has a million frames a second. */
const LEAST_DECIMALS = 1
const MOST_DECIMALS = 6

export const isVideo = ({ name, type }: File): boolean =>
  type.startsWith('video/') || /\.(mp4|m4v|webm|mov|mkv)$/i.test(name)

/**
 * The frames as JPEG files, named after the video and their second.
 * @param interval seconds from one frame to the next
 * @throws AppError `bad_file` for a video that the browser cannot play
 */
export async function videoFrames(
  file: File,
  interval: number,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<File[]> {
  const url = URL.createObjectURL(file)
  const video = Object.assign(document.createElement('video'), { muted: true, preload: 'auto' })
  try {
    video.src = url
    await happens(video, 'loadeddata', file)
    if (video.videoWidth === 0) throw notPlayable(file)
    const duration = await durationOf(video, file)
    const look = new OffscreenCanvas(LOOK_SIDE, LOOK_SIDE)
    const frames: File[] = []
    const stem = file.name.replace(/\.[^.]+$/, '')
    let last: Uint8Array | null = null
    for (let second = 0; second < duration; second += interval) {
      signal.throwIfAborted()
      onProgress({ phase: 'import', done: Math.round(second), total: Math.ceil(duration), image: file.name })
      video.currentTime = second
      await happens(video, 'seeked', file)
      const grey = greyLook(look, video)
      if (last && isSame(grey, last)) continue
      last = grey
      frames.push(await pictureOf(video, frameName(stem, second, interval)))
    }
    return frames
  } finally {
    video.removeAttribute('src')
    URL.revokeObjectURL(url)
  }
}

/**
 * "stem-00003.0s.jpg". The second has the interval's decimals, so that no two frames share a name, and leading zeros, so that names sort by
 * time.
 */
export function frameName(stem: string, second: number, interval: number): string {
  let decimals = LEAST_DECIMALS
  while (decimals < MOST_DECIMALS && Math.abs(Number(interval.toFixed(decimals)) - interval) > 1e-9) decimals++
  return `${stem}-${second.toFixed(decimals).padStart(6 + decimals, '0')}s.jpg`
}

/** The picture that a video shows now, as a JPEG file. */
export async function pictureOf(video: HTMLVideoElement, name: string): Promise<File> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
  return new File([blob], name, { type: 'image/jpeg' })
}

/** Duration in seconds. A browser's own recordings do not state it; the browser knows it after going to their end. */
async function durationOf(video: HTMLVideoElement, file: File): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration
  video.currentTime = Number.MAX_SAFE_INTEGER
  await happens(video, 'seeked', file)
  return Number.isFinite(video.duration) ? video.duration : video.currentTime
}

const notPlayable = (file: File) =>
  new AppError('bad_file', `"${file.name}" is no video that this browser plays.`, 'Save it as MP4 or WebM.')

function happens(video: HTMLVideoElement, event: 'loadeddata' | 'seeked', file: File): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true })
    video.addEventListener('error', () => reject(notPlayable(file)), { once: true })
  })
}

function greyLook(canvas: OffscreenCanvas, video: HTMLVideoElement): Uint8Array {
  const context = canvas.getContext('2d', { willReadFrequently: true })
  context?.drawImage(video, 0, 0, LOOK_SIDE, LOOK_SIDE)
  const pixels = context?.getImageData(0, 0, LOOK_SIDE, LOOK_SIDE).data ?? new Uint8ClampedArray()
  return Uint8Array.from(
    { length: pixels.length / 4 },
    (_, i) => (pixels[4 * i] + pixels[4 * i + 1] + pixels[4 * i + 2]) / 3,
  )
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length < SAME_BELOW
}
