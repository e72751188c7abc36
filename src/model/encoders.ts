import { isDrnName, type NetworkConfig } from '../domain/config'
import { drn } from './drn'
import type { Encoder } from './encoder'
import { mobileNetV2 } from './mobilenetv2'
import { resnet9 } from './resnet9'

export function buildEncoder(config: NetworkConfig): Encoder {
  if (isDrnName(config.encoder)) return drn(config.encoder, config.width)
  return config.encoder === 'resnet9' ? resnet9(config.width) : mobileNetV2(config)
}
