/** Milliseconds to read one sentence. */
const SHOWN_MS = 5000

/** A sentence that says why a key did nothing. It is shown, read out, and gone after a moment. */
export class Notice {
  text = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  say(text: string) {
    clearTimeout(this.#timer)
    this.text = text
    this.#timer = setTimeout(() => {
      this.text = ''
    }, SHOWN_MS)
  }
}
