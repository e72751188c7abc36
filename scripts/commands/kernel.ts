/**
 * `npm run kernel -- NAME`: the tests of one operation or one family of `src/kernels`, in Node and on both engines in a browser, which
 * compiles its AssemblyScript if that has changed. Options go to vitest: `npm run kernel -- sgd --watch` stays and runs them again after
 * every change.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { ROOT } from '../browser/ensure-build'
import { ensureBrowser } from '../browser/find-browser'
import { type Families, familiesOf, operationsNamed, testsOf } from './kernel-names'

const FOLDERS = ['src/kernels', 'src/gpu', 'src/engine', 'src/model', 'tests']

/** Families and those of their operations that have tests. */
function listing(families: Families, paths: readonly string[]): string {
  const width = Math.max(...[...families.keys()].map((family) => family.length))
  const tested = (operations: readonly string[]) => operations.filter((one) => testsOf([one], paths).length > 0)
  return [...families]
    .map(([family, operations]) => `  ${family.padEnd(width)}  ${tested(operations).join(', ')}`)
    .join('\n')
}

const paths = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    `${folder}/${file}`.replaceAll(sep, '/'),
  ),
)
const families = familiesOf(paths)
const [name = '', ...options] = process.argv.slice(2)
const operations = name ? operationsNamed(name, families) : []
const tests = testsOf(operations, paths)

if (tests.length === 0) {
  if (operations.length > 0) console.error(`There are no tests of ${operations.join(', ')}.`)
  else console.error(name ? `No kernel is called ${name}.` : 'Usage: npm run kernel -- NAME')
  console.error(`Families and their operations:\n${listing(families, paths)}`)
  process.exit(1)
}
ensureBrowser()
console.log(`${operations.join(', ')}: ${tests.length} files of tests`)
const command = options.includes('--watch') ? ['vitest'] : ['vitest', 'run']
const vitest = spawnSync('npx', [...command, '--project', 'node', '--project', 'kernels', ...options, ...tests], {
  cwd: ROOT,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
process.exitCode = vitest.status ?? 1
