/** CIELAB from sRGB (IEC 61966-2-1, white D65), scaled so that the axes weigh alike in a patch distance. */

/** Linear light of each of the 256 sRGB values. */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

const DELTA = 6 / 29
/** The CIE 1976 lightness function. */
const lightness = (t: number) => (t > DELTA ** 3 ? Math.cbrt(t) : t / (3 * DELTA * DELTA) + 4 / 29)

/**
 * (L, a, b) / 100, that is (1.16 fY - 0.16, 5 (fX - fY), 2 (fY - fZ)), per pixel.
 * @param rgb H*W*3 sRGB, 0..255
 * @returns H*W*3
 */
export function scaledLab(rgb: Uint8Array): Float32Array {
  const lab = new Float32Array(rgb.length)
  for (let i = 0; i < rgb.length; i += 3) {
    const red = LINEAR[rgb[i]]
    const green = LINEAR[rgb[i + 1]]
    const blue = LINEAR[rgb[i + 2]]
    const fX = lightness((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
    const fY = lightness(0.2126729 * red + 0.7151522 * green + 0.072175 * blue)
    const fZ = lightness((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883)
    lab[i] = 1.16 * fY - 0.16
    lab[i + 1] = 5 * (fX - fY)
    lab[i + 2] = 2 * (fY - fZ)
  }
  return lab
}

/**
 * `scaledLab` with a zero after each pixel, minus the image's mean colour: distances stay the same, and the dot
 * products they are computed from become small.
 * @returns H*W*4
 */
export function centredLab(rgb: Uint8Array): Float32Array {
  const lab = scaledLab(rgb)
  const centred = new Float32Array((lab.length / 3) * 4)
  for (let axis = 0; axis < 3; axis++) {
    let sum = 0
    for (let i = axis; i < lab.length; i += 3) sum += lab[i]
    const mean = (3 * sum) / lab.length
    for (let i = axis, o = axis; i < lab.length; i += 3, o += 4) centred[o] = lab[i] - mean
  }
  return centred
}
