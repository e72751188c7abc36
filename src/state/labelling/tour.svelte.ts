import { isAutomated } from '../is-automated'

const STORAGE_KEY = 'cpral-studio/tour'

/** The label table's tour. It starts by itself until somebody has gone through it or skipped it; later, on request only. */
export class Tour {
  /** Step that is shown, from 0; null while the tour is off. */
  step = $state<number | null>(null)

  get isOn(): boolean {
    return this.step !== null
  }

  /** Starts the tour for a person who has not seen it. */
  offer() {
    if (!this.isOn && !isAutomated('tour') && !wasAnswered()) this.start()
  }

  start() {
    this.step = 0
  }

  go(step: number) {
    this.step = step
    remember()
  }

  end() {
    this.step = null
    remember()
  }
}

function wasAnswered(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== null
  } catch {
    return false
  }
}

function remember() {
  try {
    localStorage.setItem(STORAGE_KEY, 'seen')
  } catch {
    // The storage is full or forbidden: the tour comes again with the next table.
  }
}
