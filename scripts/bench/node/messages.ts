/** Between the driver and the process of a contestant. */
import type { Contestant } from '../contract'

export interface Request {
  id: number
  method: keyof Contestant
  argument: string
}

export type Answer = { id: number; value: unknown } | { id: number; failure: string }
