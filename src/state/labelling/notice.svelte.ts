/** Long enough to read one sentence. */
const SHOWN_MS = 5000

/** One sentence about what a key did, or why it did nothing: shown and read out, gone after a moment. */
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
