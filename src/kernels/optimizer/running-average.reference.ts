/** running = kept * running + share * latest, in place; `shares` has one number for each block of 64, negative = leave alone. */
export function runningAverageReference(
  running: Float32Array,
  latest: ArrayLike<number>,
  shares: ArrayLike<number>,
  kept: number,
): void {
  for (let i = 0; i < running.length; i++) {
    const share = shares[Math.floor(i / 64)]
    if (share >= 0) running[i] = kept * running[i] + share * latest[i]
  }
}
