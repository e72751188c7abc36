import { AppError } from '../domain/errors'
import { Task } from './task.svelte'
import { pictureOf } from './video-frames'

/** The camera that looks away from the person where there are two, and as many pixels as usual cameras have. */
const WISHES: MediaStreamConstraints = {
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
  audio: false,
}

/** Sentence and remedy for the ways in which a camera is not given, by the name of the browser's exception. */
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
/** What means the same, in other browsers or for other devices. */
const SAME: Readonly<Record<string, keyof typeof REFUSALS>> = {
  OverconstrainedError: 'NotFoundError',
  SecurityError: 'NotAllowedError',
  AbortError: 'NotReadableError',
}

/** A live camera and the pictures taken with it. They stay here until they are used; nothing is sent anywhere. */
export class Webcam {
  readonly opening = new Task<MediaStream>()
  stream = $state.raw<MediaStream | null>(null)
  /** In the order they were taken. */
  pictures = $state.raw<readonly File[]>([])
  #taken = 0

  /** The camera is on, or there are pictures. */
  get isUsed(): boolean {
    return this.opening.isRunning || this.stream !== null || this.pictures.length > 0
  }

  async start() {
    this.stop()
    const stream = await this.opening.run(async (_, signal) => {
      const opened = await openCamera()
      // Closed while the browser asked for permission.
      if (signal.aborted) stopTracks(opened)
      signal.throwIfAborted()
      return opened
    })
    if (!stream) return
    this.stream = stream
    // Unplugged, or permission taken back: trying again finds another camera, or says why there is none.
    for (const track of stream.getTracks()) track.addEventListener('ended', () => void this.start(), { once: true })
  }

  /** Switches the camera off; the pictures stay. */
  stop() {
    this.opening.abort()
    if (this.stream) stopTracks(this.stream)
    this.stream = null
  }

  async take(video: HTMLVideoElement) {
    this.#taken += 1
    const picture = await pictureOf(video, `webcam-${String(this.#taken).padStart(4, '0')}.jpg`)
    // Encoding one may take longer than the next.
    this.pictures = [...this.pictures, picture].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  remove(picture: File) {
    this.pictures = this.pictures.filter((each) => each !== picture)
  }

  /** Gives the pictures away. */
  handOver(): readonly File[] {
    const { pictures } = this
    this.pictures = []
    return pictures
  }
}

/** @throws AppError `no_camera` with what to do about it */
async function openCamera(): Promise<MediaStream> {
  // The type says that it is always there; pages at insecure addresses have none.
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
