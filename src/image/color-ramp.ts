/**
 * Colour ramps for maps, as tables: perceptually even, told apart by colour-blind eyes too, dark where the map is low. Viridis, inferno
 * and cividis are matplotlib's.
 */
import { type Color, colorOfHex, cssColor } from '../domain/color'

export const RAMPS = { viridis: 'Viridis', inferno: 'Inferno', cividis: 'Cividis', greys: 'Greys' } as const
export type RampName = keyof typeof RAMPS

/** Levels of a map from one stop of a ramp to the next. */
const STEP = 5

/** Every fifth colour of a ramp, from level 0 to level 255. */
const STOPS: Readonly<Record<RampName, string>> = {
  viridis:
    '440154 46085c 471063 481769 481d6f 482475 472a7a 46307e 453781 433d84 414287 3f4889 3d4e8a 3a538b 38598c 355e8d ' +
    '33638d 31688e 2e6d8e 2c718e 2a768e 297b8e 27808e 25848e 23898e 218e8d 20928c 1f978b 1e9c89 1fa188 21a585 24aa83 ' +
    '28ae80 2eb37c 35b779 3dbc74 46c06f 50c46a 5ac864 65cb5e 70cf57 7cd250 89d548 95d840 a2da37 b0dd2f bddf26 cae11f ' +
    'd8e219 e5e419 f1e51d fde725',
  inferno:
    '000004 02020c 050417 0a0722 10092d 160b39 1e0c45 260c51 2f0a5b 380962 400a67 490b6a 510e6c 59106e 61136e 69166e ' +
    '71196e 781c6d 801f6c 88226a 902568 982766 a02a63 a82e5f b0315b b73557 bf3952 c63d4d cc4248 d34743 d94d3d df5337 ' +
    'e45a31 e9612b ed6925 f1711f f47918 f78212 f98b0b fa9407 fb9d07 fca60c fcb014 fbba1f fac42a f8cd37 f6d746 f4e156 ' +
    'f2ea69 f2f27d f5f992 fcffa4',
  cividis:
    '002051 002459 00275f 002b64 052e67 09326a 0f356c 15396d 1c3c6e 23406e 29436e 30476e 374a6e 3e4e6e 44526d 4b556d ' +
    '51596e 575c6e 5c606e 62646f 67676f 6c6b70 706f71 757272 797673 7d7a74 817d75 858176 898577 8e8978 928d78 969178 ' +
    '9b9578 9f9978 a49d78 a9a177 aea575 b4a974 baae72 bfb26f c5b66c ccbb69 d2bf66 d8c462 dec85e e4cd5a ead256 f0d652 ' +
    'f4db4e f8e04b fbe548 fdea45',
  greys:
    '000000 060606 0c0c0c 121212 181818 1e1e1e 242424 2a2a2a 313131 383838 3e3e3e 454545 4b4b4b 525252 575757 5d5d5d ' +
    '636363 686868 6d6d6d 737373 787878 7d7d7d 838383 888888 8e8e8e 949494 9a9a9a 9f9f9f a5a5a5 ababab b1b1b1 b6b6b6 ' +
    'bcbcbc c1c1c1 c6c6c6 cacaca cfcfcf d3d3d3 d7d7d7 dbdbdb dfdfdf e3e3e3 e6e6e6 eaeaea ededed f0f0f0 f3f3f3 f5f5f5 ' +
    'f8f8f8 fafafa fdfdfd ffffff',
}

/** 256 colours from low to high as 768 bytes; between two stops linear, which differs from the original by at most 1. */
export function colorRamp(name: RampName): Uint8Array {
  const stops = STOPS[name].split(' ').map((stop): Color => colorOfHex(`#${stop}`))
  return Uint8Array.from({ length: 768 }, (_, i) => {
    const channel = i % 3
    const level = (i - channel) / 3
    const below = Math.min(stops.length - 2, Math.floor(level / STEP))
    const from = stops[below][channel]
    return Math.round(from + ((stops[below + 1][channel] - from) * (level - STEP * below)) / STEP)
  })
}

/** The ramp as a CSS background. */
export function rampGradient(ramp: Uint8Array): string {
  const stops = [0, 51, 102, 153, 204, 255].map((i) => cssColor([ramp[3 * i], ramp[3 * i + 1], ramp[3 * i + 2]]))
  return `linear-gradient(90deg, ${stops.join(', ')})`
}
