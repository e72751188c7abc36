/** A sample of folders drawn at random: `npm run test:long` imports many more. */
import { beforeEach, test } from 'vitest'
import { clearDatabase } from '../support/database'
import { SEED, tryFolders } from './try-folders'

beforeEach(clearDatabase)

test(`40 folders drawn at random are right, or a sentence names the file (seed ${SEED})`, () => tryFolders(40))
