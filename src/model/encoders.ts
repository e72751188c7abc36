import type { NetworkConfig } from '../domain/config'
import { drn } from './drn'
import type { Encoder } from './encoder'
import { mobileNetV2 } from './mobilenetv2'

export function buildEncoder(config: NetworkConfig): Encoder {
  return config.encoder === 'mobilenetv2' ? mobileNetV2(config) : drn(config.encoder, config.width)
}
