/** What became of a study's lines when its file was changed. */
import type { StudyLine } from './study-line'

export interface ManifestChanges {
  added: StudyLine[]
  gone: StudyLine[]
  /** As they are in the new manifest. */
  same: StudyLine[]
  /** A sentence for each line that is new, gone or has other settings, by the order of the new manifest. */
  sentences: string[]
}

/** Lines are the same by their hash; one of the same name with another hash had its settings changed. */
export function compareManifests(before: readonly StudyLine[], after: readonly StudyLine[]): ManifestChanges {
  const hashesBefore = new Set(before.map(({ hash }) => hash))
  const hashesAfter = new Set(after.map(({ hash }) => hash))
  const added = after.filter(({ hash }) => !hashesBefore.has(hash))
  const gone = before.filter(({ hash }) => !hashesAfter.has(hash))
  const goneByLabel = new Map(gone.map((line) => [line.label, line]))
  const labels = new Set(added.map(({ label }) => label))
  return {
    added,
    gone,
    same: after.filter(({ hash }) => hashesBefore.has(hash)),
    sentences: [
      ...added.map((line) => {
        const old = goneByLabel.get(line.label)
        if (!old) return `${line.label} (${line.hash}) is new and will be run.`
        const changes = differences(seen(old), seen(line))
        return `${line.label} (${line.hash}) has other settings than ${old.hash} and will be run anew; the old result is kept: ${changes.join('; ')}.`
      }),
      ...gone
        .filter(({ label }) => !labels.has(label))
        .map(({ label, hash }) => `${label} (${hash}) is no line of the study any more; its result is kept.`),
    ],
  }
}

function seen({ data, weights, config }: StudyLine) {
  return { data, ...config, weights }
}

/** Settings whose values differ: their places, with both values. */
function differences(before: unknown, after: unknown, place = ''): string[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => differences(before[key], after[key], place === '' ? key : `${place}.${key}`))
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [`${place} was ${said(before)} and is ${said(after)}`]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function said(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value)
}
