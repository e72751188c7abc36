/** The Job against the schema and the types that Kubernetes publishes for batch/v1. No cluster runs it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Job } from 'kubernetes-models/batch/v1'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../browser/ensure-build'

type JobManifest = ConstructorParameters<typeof Job>[0]

const FILE = 'scripts/kubernetes/study-job.yaml'
const readJob = () => parse(readFileSync(join(ROOT, FILE), 'utf8')) as NonNullable<JobManifest>

/** What the compiler says of a manifest as a value of the published type: of unknown fields too, which the schema lets pass. */
function complaints(manifest: unknown): string[] {
  const name = join(ROOT, 'scripts', 'kubernetes', 'manifest.ts')
  const source = `import type { IJob } from 'kubernetes-models/batch/v1'\nexport const job: IJob = ${JSON.stringify(manifest)}`
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
    strict: true,
    noEmit: true,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (path) => path === name || fileExists(path)
  host.getSourceFile = (path, ...rest) =>
    path === name ? ts.createSourceFile(path, source, ts.ScriptTarget.ESNext) : getSourceFile(path, ...rest)
  const program = ts.createProgram([name], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

test('the Job is valid by the published schema and types', () => {
  const job = readJob()
  expect(() => new Job(job).validate()).not.toThrow()
  expect(complaints(job)).toEqual([])
})

test('a wrong value and a misspelled field are noticed', () => {
  const job = readJob()
  const wrong = { ...job, spec: { ...job.spec, completions: 'eight' } }
  expect(() => new Job(wrong as unknown as JobManifest).validate()).toThrow('completions must be integer')
  const misspelled = { ...job, spec: { ...job.spec, backOffLimitPerIndex: 5 } }
  expect(complaints(misspelled).join()).toContain('backOffLimitPerIndex')
})

test('a pod works on the line of its index, and continues without an error counted when it was stopped', () => {
  const { spec } = readJob()
  const [container] = spec?.template.spec?.containers ?? []
  expect(spec).toMatchObject({ completionMode: 'Indexed', template: { spec: { restartPolicy: 'Never' } } })
  expect(container.args?.join(' ')).toContain('--index $(JOB_COMPLETION_INDEX)')
  expect(spec?.podFailurePolicy?.rules[0]).toEqual({
    action: 'Ignore',
    onExitCodes: { containerName: container.name, operator: 'In', values: [75] },
  })
  // It ends the whole Job at the first line that fails too often, unless it counts each line's own.
  expect(spec).not.toHaveProperty('backoffLimit')
})
