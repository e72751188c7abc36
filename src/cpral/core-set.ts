/** Core-set selection (Sener & Savarese 2018): k-centre greedy with Euclidean distance. */

export interface CentreChoice {
  /** Row of the chosen image in `features`. */
  index: number
  /** Its distance to the nearest centre when it was chosen; Infinity for the first of an empty set. */
  distance: number
}

/**
 * Chooses `count` rows one after the other, each the farthest from all centres so far (ties: lowest row).
 * O(N * (centres + count) * D) time, O(N) memory beside the features.
 * @param features N*D, one row per image, labelled and unlabelled alike
 * @param dimension D
 * @param centres rows that are labelled already; they are never chosen
 */
export function kCentreGreedy(
  features: Float32Array,
  dimension: number,
  centres: readonly number[],
  count: number,
): CentreChoice[] {
  const rows = features.length / dimension
  const squared = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  const isCentre = new Uint8Array(rows)
  const addCentre = (centre: number) => {
    isCentre[centre] = 1
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let d = 0; d < dimension && sum < squared[row]; d++) {
        sum += (features[row * dimension + d] - features[centre * dimension + d]) ** 2
      }
      if (sum < squared[row]) squared[row] = sum
    }
  }
  for (const centre of centres) addCentre(centre)
  const chosen: CentreChoice[] = []
  while (chosen.length < count) {
    let farthest = -1
    for (let row = 0; row < rows; row++) {
      if (isCentre[row] === 0 && (farthest < 0 || squared[row] > squared[farthest])) farthest = row
    }
    if (farthest < 0) break
    chosen.push({ index: farthest, distance: Math.sqrt(squared[farthest]) })
    addCentre(farthest)
  }
  return chosen
}
