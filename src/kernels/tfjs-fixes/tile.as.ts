/** Repeats each of `outer` blocks of `bytes` bytes `repeats` times in a row. */
export function tileBlocks(source: usize, target: usize, outer: i32, bytes: i32, repeats: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let r = 0; r < repeats; r++) {
      memory.copy(target, source, bytes)
      target += bytes
    }
    source += bytes
  }
}
