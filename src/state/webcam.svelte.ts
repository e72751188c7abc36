import { AppError } from '../domain/errors'
import { Task } from './task.svelte'
import { pictureOf } from './video-frames'

/** Asks for the camera that looks away from the person, if there are two, at a size that common cameras have. */
const WISHES: MediaStreamConstraints = {
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
  audio: false,
}

/** Sentence and remedy by the name of the exception with which the browser refuses a camera. */
const REFUSALS: Readonly<Record<string, readonly [sentence: string, remedy: string]>> = {
  NotFoundError: ['No camera was found.', 'Connect one, then try again.'],
  NotAllowedError: [
    'This page may not use the camera.',
    'Allow it at the left end of the address bar, then try again.',
  ],
  NotReadableError: [
    'The camera gives no picture. Another program may be using it.',
    'Close that program, then try again.',
  ],
}
/** Exceptions of other browsers and devices with the same meaning. */
const SAME: Readonly<Record<string, keyof typeof REFUSALS>> = {
  OverconstrainedError: 'NotFoundError',
  SecurityError: 'NotAllowedError',
  AbortError: 'NotReadableError',
}

/** A camera and the pictures taken with it, which are kept until they are used. Nothing leaves the computer. */
export class Webcam {
  readonly opening = new Task<MediaStream>()
  stream = $state.raw<MediaStream | null>(null)
  /** Pictures in the order they were taken. */
  pictures = $state.raw<readonly File[]>([])
  #taken = 0

  /** Whether the camera is on, or there are pictures. */
  get isUsed(): boolean {
    return this.opening.isRunning || this.stream !== null || this.pictures.length > 0
  }

  async start() {
    this.stop()
    const stream = await this.opening.run(async (_, signal) => {
      const opened = await openCamera()
      // The dialog was closed while the browser asked for permission.
      if (signal.aborted) stopTracks(opened)
      signal.throwIfAborted()
      return opened
    })
    if (!stream) return
    this.stream = stream
    // A track ends when the camera is unplugged or its permission taken back. Starting again finds another camera, or says why not.
    for (const track of stream.getTracks()) track.addEventListener('ended', () => void this.start(), { once: true })
  }

  /** Switches the camera off and keeps the pictures. */
  stop() {
    this.opening.abort()
    if (this.stream) stopTracks(this.stream)
    this.stream = null
  }

  async take(video: HTMLVideoElement) {
    this.#taken += 1
    const picture = await pictureOf(video, `webcam-${String(this.#taken).padStart(4, '0')}.jpg`)
    // A picture may be encoded after a later one.
    this.pictures = [...this.pictures, picture].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  remove(picture: File) {
    this.pictures = this.pictures.filter((each) => each !== picture)
  }

  /** Returns the pictures and forgets them. */
  handOver(): readonly File[] {
    const { pictures } = this
    this.pictures = []
    return pictures
  }
}

/** @throws AppError `no_camera` with what to do about it */
async function openCamera(): Promise<MediaStream> {
  // Contrary to its type, `mediaDevices` is undefined on pages at insecure addresses.
  const devices: MediaDevices | undefined = navigator.mediaDevices
  if (!devices) {
    throw new AppError(
      'no_camera',
      'The browser gives cameras to secure addresses only.',
      'Open this page at https:// or at localhost.',
    )
  }
  try {
    return await devices.getUserMedia(WISHES)
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) }
    const [sentence, remedy] = REFUSALS[SAME[name] ?? name] ?? [`The camera does not open: ${message}`, 'Try again.']
    throw new AppError('no_camera', sentence, remedy, { cause })
  }
}

function stopTracks(stream: MediaStream) {
  for (const track of stream.getTracks()) track.stop()
}
