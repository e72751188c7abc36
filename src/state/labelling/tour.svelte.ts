import { isAutomated } from '../is-automated'

const STORAGE_KEY = 'cpral-studio/tour'

/** The tour of the label table: comes by itself until it was answered once, afterwards when it is asked for. */
export class Tour {
  /** Number of the step that is shown, from 0; null while the tour is not on. */
  step = $state<number | null>(null)

  get isOn(): boolean {
    return this.step !== null
  }

  /** Begins it for a person who has not seen it. */
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
    // No room, or forbidden: it comes again with the next table.
  }
}
