import { AppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'
import { WEIGHTS_HOST } from '../domain/weights'

interface DownloadRequest {
  url: string
  maxBytes: number
  onProgress: OnProgress
  signal: AbortSignal
}

/**
 * The bytes at an address, with progress in bytes.
 * @throws AppError 'bad_file' saying what went wrong
 */
export async function download({ url, maxBytes, onProgress, signal }: DownloadRequest): Promise<ArrayBuffer> {
  const response = await request(url, signal)
  if (!response.ok || !response.body) {
    throw new AppError('bad_file', `${url} answered ${response.status}.`, remedyFor(response.status))
  }
  if (response.headers.get('Content-Type')?.startsWith('text/html')) {
    throw new AppError(
      'bad_file',
      `${url} is a web page, not a weights file.`,
      'Take the address of the file itself: on huggingface.co the one with /resolve/ in place of /blob/.',
    )
  }
  const total = Number(response.headers.get('Content-Length') ?? 0)
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let done = 0
  const refuseAbove = (bytes: number) => {
    if (bytes > maxBytes) {
      const gigabytes = (maxBytes / 2 ** 30).toFixed(0)
      throw new AppError('bad_file', `${url} is larger than ${gigabytes} GB.`, 'Choose the weights of one encoder.')
    }
  }
  refuseAbove(total)
  const reader = response.body.getReader()
  try {
    for (;;) {
      const part = await read(reader, url, done, signal)
      if (part.done) break
      chunks.push(part.value)
      done += part.value.length
      refuseAbove(done)
      // A compressed transfer's length says nothing about the length of the file.
      onProgress({ phase: 'download', done, total: Math.max(total, done) })
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined) // The first error is the one that counts.
    throw error
  }
  return new Blob(chunks).arrayBuffer()
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new AppError('bad_file', `"${url}" is no web address.`, 'Give one that begins with https://.')
  }
  try {
    return await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' })
  } catch (cause) {
    signal.throwIfAborted()
    // A browser does not tell these apart, nor an address that the page's policy forbids.
    throw new AppError(
      'bad_file',
      `${url} could not be reached, or its server does not let other web pages read it.`,
      `Check the address and the connection. Only files on ${WEIGHTS_HOST} can be fetched: download any other file yourself and choose it here.`,
      { cause },
    )
  }
}

async function read(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  url: string,
  done: number,
  signal: AbortSignal,
) {
  try {
    return await reader.read()
  } catch (cause) {
    signal.throwIfAborted()
    throw new AppError('bad_file', `The download of ${url} broke off after ${done} bytes.`, 'Try again.', { cause })
  }
}

function remedyFor(status: number): string {
  if (status === 404) return 'Check the address: there is no such file. On huggingface.co it contains /resolve/main/.'
  if (status === 401 || status === 403) return 'The file is not public: download it yourself and choose it here.'
  return 'Try again later, or download the file yourself and choose it here.'
}
