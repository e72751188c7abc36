/** Copies runs of `bytes` bytes that lie `sourceStep` apart to runs `targetStep` apart. Units: runs. */
export function copyRuns(source: usize, target: usize, sourceStep: i32, targetStep: i32, bytes: i32, start: i32, end: i32): void {
  source += <usize>start * <usize>sourceStep
  target += <usize>start * <usize>targetStep
  for (let run = start; run < end; run++, source += <usize>sourceStep, target += <usize>targetStep) memory.copy(target, source, bytes)
}
