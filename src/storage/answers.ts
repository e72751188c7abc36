import type { AnswerRecord } from '../domain/round'
import type { Database } from './database'
import { strictWrite } from './database'

/** A person's answers to a round, in the order of its regions. */
export function listAnswers(db: Database, runId: string, round: number): Promise<AnswerRecord[]> {
  return db.getAll('answers', IDBKeyRange.bound([runId, round], [runId, round, []]))
}

export async function putAnswer(db: Database, answer: AnswerRecord): Promise<void> {
  await strictWrite(db, ['answers'], (transaction) => transaction.store.put(answer))
}
