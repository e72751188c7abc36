import type { RoundRecord } from '../../domain/round'

export type KeyAction =
  | { kind: 'layer'; index: number }
  | { kind: 'step'; by: 1 | -1 }
  | { kind: 'fit' }
  | { kind: 'zoom'; factor: number }
  | { kind: 'back' }

const ACTIONS: Readonly<Record<string, KeyAction>> = {
  ArrowRight: { kind: 'step', by: 1 },
  ArrowLeft: { kind: 'step', by: -1 },
  d: { kind: 'step', by: 1 },
  a: { kind: 'step', by: -1 },
  PageDown: { kind: 'step', by: 1 },
  PageUp: { kind: 'step', by: -1 },
  f: { kind: 'fit' },
  '0': { kind: 'fit' },
  '+': { kind: 'zoom', factor: 1.25 },
  '-': { kind: 'zoom', factor: 0.8 },
  Escape: { kind: 'back' },
}

/** The action of a key in the image view; null when the key belongs to a focused control or to the browser. */
export function keyAction(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>,
): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const isDigit = /^[1-7]$/.test(event.key)
  if (event.target instanceof HTMLElement) {
    const control = event.target.closest('input, select, textarea, dialog')
    if (control && !(isDigit && control.matches('[type="checkbox"], [type="range"]'))) return null
  }
  if (isDigit) return { kind: 'layer', index: Number(event.key) - 1 }
  return ACTIONS[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null
}

/** Images to go through: those that the round chose if the open image is one of them, else all of the project. */
export function imageSequence(all: readonly string[], round: RoundRecord | null, imageId: string): readonly string[] {
  const chosen = new Set([...(round?.regions ?? []), ...(round?.subset ?? [])].map((entry) => entry.imageId))
  return chosen.has(imageId) ? [...chosen] : all
}
