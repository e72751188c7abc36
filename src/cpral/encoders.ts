import type { EncoderName } from './config'

export const ENCODERS: readonly EncoderName[] = ['mobilenetv2', 'drn-d-22', 'drn-d-38', 'drn-d-54']

export function isEncoderName(name: string): name is EncoderName {
  return ENCODERS.some((encoder) => encoder === name)
}
