/** Characters that are gathered before they become a blob, which a browser may keep on the disk. */
const PART_LENGTH = 2 ** 20

/**
 * The items of a JSON array of any length. They never form one string: no string could hold those of thousands of
 * masks.
 */
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

  /** The text between the brackets. */
  parts(): BlobPart[] {
    return [...this.#blobs, ...this.#texts]
  }
}
