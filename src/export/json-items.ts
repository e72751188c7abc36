/** Characters gathered before they become a blob, which a browser may put on the disk. */
const PART_LENGTH = 2 ** 20

/** The items of a JSON array of any length: never one string, which could not hold those of thousands of masks. */
export class JsonItems<Item> {
  readonly #blobs: Blob[] = []
  #texts: string[] = []
  #length = 0
  #count = 0

  add(item: Item) {
    const text = `${this.#count++ > 0 ? ',' : ''}${JSON.stringify(item)}`
    this.#texts.push(text)
    this.#length += text.length
    if (this.#length < PART_LENGTH) return
    this.#blobs.push(new Blob(this.#texts))
    this.#texts = []
    this.#length = 0
  }

  /** What belongs between the brackets. */
  parts(): BlobPart[] {
    return [...this.#blobs, ...this.#texts]
  }
}
