import type { AnswerRecord } from '../domain/round'
import type { Database } from './database'
import { strictWrite } from './database'

/** What a person has done about the regions of a round, in order of the regions. */
export function listAnswers(db: Database, runId: string, round: number): Promise<AnswerRecord[]> {
  return db.getAll('answers', IDBKeyRange.bound([runId, round], [runId, round, []]))
}

export async function putAnswer(db: Database, answer: AnswerRecord): Promise<void> {
  await strictWrite(db, ['answers'], (transaction) => transaction.store.put(answer))
}
