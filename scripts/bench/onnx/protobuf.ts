/** As much of the protocol buffers' wire format as an ONNX file needs to be written. */

/** A message under construction: fields in the order in which they are added. */
export class Message {
  private readonly parts: Uint8Array[] = []

  bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0))
    let offset = 0
    for (const part of this.parts) {
      whole.set(part, offset)
      offset += part.length
    }
    return whole
  }

  /** @param value a whole number, not negative */
  int(field: number, value: number): this {
    this.parts.push(varint(field * 8), varint(value))
    return this
  }

  raw(field: number, value: Uint8Array): this {
    this.parts.push(varint(field * 8 + 2), varint(value.length), value)
    return this
  }

  text(field: number, value: string): this {
    return this.raw(field, new TextEncoder().encode(value))
  }

  message(field: number, value: Message): this {
    return this.raw(field, value.bytes())
  }
}

/** Seven bits a byte, the least first; all but the last have the top bit set. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low + 128 : low)
  } while (rest > 0)
  return Uint8Array.from(bytes)
}
