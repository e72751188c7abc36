/**
 * The part of Python's pickle that tables of tensors need: dicts, lists, tuples, text, numbers, and references to
 * storages. It calls nothing: a name of Python code that is not in its short list is refused.
 */
import { FileFault } from '../domain/errors'

/** Reference to the numbers of a storage, which lie elsewhere in the file. */
export interface StorageReference {
  kind: 'storage'
  /** PyTorch's class name, for example `FloatStorage`. */
  type: string
  key: string
  /** Count of its numbers. */
  length: number
}

export interface TensorReference {
  kind: 'tensor'
  storage: StorageReference
  /** Kind of its numbers where the storage does not say it, for example `uint16`; null elsewhere. */
  type: string | null
  /** Index of the first number. */
  offset: number
  size: number[]
  stride: number[]
}

/** A name of Python code on the list below, waiting for its arguments. */
interface Name {
  kind: 'name'
  name: string
}

export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Pickled[]
  | Map<Pickled, Pickled>
  | StorageReference
  | TensorReference
  | Name

const REMEDY = 'Save the state dict alone with torch.save(model.state_dict(), path), or choose a .safetensors file.'

/** The file is no PyTorch file of tensors alone. */
export class PickleFault extends FileFault {
  constructor(message: string, options?: ErrorOptions) {
    super(message, REMEDY, options)
  }
}

const ORDERED_DICT = 'collections OrderedDict'
const REBUILD_TENSOR = 'torch._utils _rebuild_tensor'
const REBUILD_TENSOR_V2 = 'torch._utils _rebuild_tensor_v2'
/** Of kinds of numbers that have no class of storage of their own. */
const REBUILD_TENSOR_V3 = 'torch._utils _rebuild_tensor_v3'
const REBUILD_PARAMETER = 'torch._utils _rebuild_parameter'
const NAMES = new Set([ORDERED_DICT, REBUILD_TENSOR, REBUILD_TENSOR_V2, REBUILD_TENSOR_V3, REBUILD_PARAMETER])
const STORAGE = /^torch (\w+Storage)$|^torch\.storage (UntypedStorage)$/
const NUMBERS = /^torch ((?:u?int|b?float|bits|complex)\d+\w*)$/
const TRUNCATED = 'is truncated: its table of tensors ends too early'

/** Reads pickles one after another, as PyTorch's older files have them. */
export class PickleReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #text = new TextDecoder()
  #stack: Pickled[] = []
  #marks: Pickled[][] = []
  #memo = new Map<number, Pickled>()
  /** The byte that is read next. */
  position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The next pickle's value. @throws PickleFault */
  read(): Pickled {
    this.#stack = []
    this.#marks = []
    this.#memo = new Map()
    for (;;) {
      const code = this.#byte()
      if (code === 0x2e) return this.#pop() // STOP
      if (!this.#constant(code) && !this.#collection(code) && !this.#reference(code)) {
        throw new PickleFault(`uses the pickle instruction 0x${code.toString(16)}, which tables of tensors do not need`)
      }
    }
  }

  #constant(code: number): boolean {
    const value = this.#constantValue(code)
    if (value === undefined) return false
    this.#push(value)
    return true
  }

  #constantValue(code: number): Pickled | undefined {
    switch (code) {
      case 0x4e: // NONE
        return null
      case 0x88: // NEWTRUE
        return true
      case 0x89: // NEWFALSE
        return false
      case 0x4b: // BININT1
        return this.#byte()
      case 0x4d: // BININT2
        return this.#number(2, (at) => this.#view.getUint16(at, true))
      case 0x4a: // BININT
        return this.#number(4, (at) => this.#view.getInt32(at, true))
      case 0x47: // BINFLOAT
        return this.#number(8, (at) => this.#view.getFloat64(at, false))
      case 0x8a: // LONG1
        return this.#long(this.#byte())
      case 0x58: // BINUNICODE
        return this.#string(this.#number(4, (at) => this.#view.getUint32(at, true)))
      case 0x54: // BINSTRING, by Python 2
        return this.#string(this.#number(4, (at) => this.#view.getInt32(at, true)))
      case 0x55: // SHORT_BINSTRING, by Python 2
        return this.#string(this.#byte())
      default:
        return undefined
    }
  }

  #collection(code: number): boolean {
    switch (code) {
      case 0x7d: // EMPTY_DICT
        this.#push(new Map())
        return true
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        this.#push([])
        return true
      case 0x28: // MARK
        this.#marks.push(this.#stack)
        this.#stack = []
        return true
      case 0x74: // TUPLE
        this.#push(this.#sinceMark())
        return true
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        this.#push(this.#popMany(code - 0x84))
        return true
      case 0x61: // APPEND
        this.#append([this.#pop()])
        return true
      case 0x65: // APPENDS
        this.#append(this.#sinceMark())
        return true
      case 0x73: // SETITEM
        this.#setItems(this.#popMany(2))
        return true
      case 0x75: // SETITEMS
        this.#setItems(this.#sinceMark())
        return true
      default:
        return false
    }
  }

  #reference(code: number): boolean {
    switch (code) {
      case 0x80: // PROTO
        if (this.#byte() > 2) throw new PickleFault('is pickled with a protocol above 2')
        return true
      case 0x71: // BINPUT
        this.#memo.set(this.#byte(), this.#top())
        return true
      case 0x72: // LONG_BINPUT
        this.#memo.set(
          this.#number(4, (at) => this.#view.getUint32(at, true)),
          this.#top(),
        )
        return true
      case 0x68: // BINGET
        this.#recall(this.#byte())
        return true
      case 0x6a: // LONG_BINGET
        this.#recall(this.#number(4, (at) => this.#view.getUint32(at, true)))
        return true
      case 0x63: // GLOBAL
        this.#push(this.#global())
        return true
      case 0x52: // REDUCE
        this.#reduce()
        return true
      case 0x62: // BUILD
        this.#build()
        return true
      case 0x51: // BINPERSID
        this.#push(storageReference(this.#pop()))
        return true
      default:
        return false
    }
  }

  #byte(): number {
    return this.#number(1, (at) => this.#view.getUint8(at))
  }

  #number(bytes: number, get: (at: number) => number): number {
    return get(this.#advance(bytes))
  }

  /** Index of the next `count` bytes, which count as read. */
  #advance(count: number): number {
    const start = this.position
    if (count < 0 || start + count > this.#bytes.length) throw new PickleFault(TRUNCATED)
    this.position = start + count
    return start
  }

  #string(length: number): string {
    const start = this.#advance(length)
    return this.#text.decode(this.#bytes.subarray(start, start + length))
  }

  /** Little-endian two's complement of any length. */
  #long(length: number): number | bigint {
    const start = this.#advance(length)
    let value = 0n
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[start + i] as number)
    const signed = BigInt.asIntN(8 * length, value)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position)
    if (end < 0) throw new PickleFault(TRUNCATED)
    const line = this.#text.decode(this.#bytes.subarray(this.position, end))
    this.position = end + 1
    return line
  }

  #pop(): Pickled {
    const value = this.#stack.pop()
    if (value === undefined) throw new PickleFault('is damaged: its table of tensors makes no sense')
    return value
  }

  #push(value: Pickled): void {
    this.#stack.push(value)
  }

  #top(): Pickled {
    const value = this.#pop()
    this.#push(value)
    return value
  }

  #popMany(count: number): Pickled[] {
    return Array.from({ length: count }, () => this.#pop()).reverse()
  }

  #sinceMark(): Pickled[] {
    const items = this.#stack
    const below = this.#marks.pop()
    if (!below) throw new PickleFault('is damaged: its table of tensors makes no sense')
    this.#stack = below
    return items
  }

  #append(items: Pickled[]): void {
    const list = this.#top()
    if (!Array.isArray(list)) throw new PickleFault('is damaged: it appends to what is no list')
    for (const item of items) list.push(item)
  }

  #setItems(items: Pickled[]): void {
    const dict = this.#top()
    if (!(dict instanceof Map)) throw new PickleFault('is damaged: it sets items of what is no dict')
    for (let i = 0; i + 1 < items.length; i += 2) dict.set(items[i] as Pickled, items[i + 1] as Pickled)
  }

  #recall(key: number): void {
    const value = this.#memo.get(key)
    if (value === undefined) throw new PickleFault('is damaged: its table of tensors makes no sense')
    this.#push(value)
  }

  #global(): Name {
    const name = `${this.#line()} ${this.#line()}`
    if (!NAMES.has(name) && !STORAGE.test(name) && !NUMBERS.test(name)) {
      throw new PickleFault(`holds a Python object "${name.replace(' ', '.')}", not only tensors`)
    }
    return { kind: 'name', name }
  }

  #reduce(): void {
    const [callee, given] = this.#popMany(2) as [Pickled, Pickled]
    const name = isKind(callee, 'name') ? callee.name : ''
    const values = Array.isArray(given) ? given : []
    if (name === ORDERED_DICT) this.#push(orderedDict(values))
    else if (name === REBUILD_TENSOR || name === REBUILD_TENSOR_V2) this.#push(tensorReference(values))
    else if (name === REBUILD_TENSOR_V3) this.#push({ ...tensorReference(values), type: numbersOf(values[6]) })
    else if (name === REBUILD_PARAMETER && isKind(values[0], 'tensor')) this.#push(values[0])
    else throw new PickleFault('is damaged: it calls what cannot be called')
  }

  /** Leaves out the version numbers of modules, which a state dict carries as an attribute. */
  #build(): void {
    this.#pop()
    if (!(this.#top() instanceof Map)) throw new PickleFault('holds Python objects, not only tensors')
  }
}

function isKind<K extends 'name' | 'tensor' | 'storage'>(
  value: Pickled | undefined,
  kind: K,
): value is Extract<Pickled, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

export function isTensor(value: Pickled | undefined): value is TensorReference {
  return isKind(value, 'tensor')
}

/** Python 2 passes the items as a list of pairs. */
function orderedDict([items]: Pickled[]): Map<Pickled, Pickled> {
  const pairs = Array.isArray(items) ? items : []
  return new Map(pairs.map((pair) => (Array.isArray(pair) ? [pair[0] as Pickled, pair[1] as Pickled] : [null, null])))
}

/** ('storage', class, key, location, length, ...). */
function storageReference(id: Pickled): StorageReference {
  const [word, type, key, , length] = Array.isArray(id) ? id : []
  const match = isKind(type, 'name') ? STORAGE.exec(type.name) : null
  if (word !== 'storage' || !match || typeof key !== 'string' || typeof length !== 'number') {
    throw new PickleFault('is damaged: it refers to numbers in an unknown way')
  }
  return { kind: 'storage', type: match[1] ?? match[2] ?? '', key, length }
}

/** The name of a kind of numbers. */
function numbersOf(value: Pickled | undefined): string {
  const match = isKind(value, 'name') ? NUMBERS.exec(value.name) : null
  if (!match) throw new PickleFault('is damaged: a tensor in it has no kind of numbers')
  return match[1] as string
}

/** (storage, offset, size, stride, ...). */
function tensorReference([storage, offset, size, stride]: Pickled[]): TensorReference {
  const isWhole = (value: Pickled | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0
  const isRight =
    isKind(storage, 'storage') &&
    isWhole(offset) &&
    Array.isArray(size) &&
    size.every(isWhole) &&
    Array.isArray(stride) &&
    stride.every(isWhole) &&
    size.length === stride.length
  if (!isRight) throw new PickleFault('is damaged: a tensor in it has no proper shape')
  return { kind: 'tensor', storage, type: null, offset, size: size as number[], stride: stride as number[] }
}
