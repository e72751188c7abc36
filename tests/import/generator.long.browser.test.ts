/** Many folders drawn at random; VITE_SEED=7 in the environment draws others. */
import { beforeEach, test } from 'vitest'
import { clearDatabase } from '../support/database'
import { SEED, tryFolders } from './try-folders'

beforeEach(clearDatabase)

const COUNT = 500

test(
  `${COUNT} folders drawn at random are right, or a sentence names the file (seed ${SEED})`,
  () => tryFolders(COUNT),
  1_200_000,
)
