const BITS = 5
const LOW_BITS = 2 ** BITS - 1
const SIGN_BIT = 2 ** (BITS - 1)
const CONTINUES = 2 ** BITS
const FIRST_CHARACTER = 48

/**
 * Run lengths as pycocotools packs them into ASCII. From the fourth on, each is stored as its difference to the one two
 * before it. A number is in two's complement, five bits a character from the lowest, until the remaining bits only
 * repeat the sign; a sixth bit says that another character follows.
 */
export function compressRuns(counts: readonly number[]): string {
  const codes: number[] = []
  counts.forEach((count, i) => {
    let rest = i > 2 ? count - counts[i - 2] : count
    for (let continues = true; continues; ) {
      const low = rest & LOW_BITS
      rest >>= BITS
      continues = rest !== (low & SIGN_BIT ? -1 : 0)
      codes.push(FIRST_CHARACTER + low + (continues ? CONTINUES : 0))
    }
  })
  return new TextDecoder().decode(Uint8Array.from(codes))
}
