/**
 * Files of `torch.save`: zip archives, and the format before PyTorch 1.6, in which many published weights still are.
 */
import { unzipSync } from 'fflate'
import { isReal, NUMBER_TYPES, type NumberType, type RealType, toFloat32 } from './numbers'
import { isTensor, type Pickled, PickleFault, PickleReader, type TensorReference } from './pickle'
import type { NamedArrays } from './safetensors'

const STORAGE_TYPES: Record<string, NumberType> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
}

/** Bytes of a number of the kinds that are not read. */
const OTHER_BYTES: Record<string, number> = {
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QUInt8Storage: 1,
  QInt8Storage: 1,
  QInt32Storage: 4,
  UntypedStorage: 1,
}

/** The first pickle of the older format. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn

/** Keys under which training scripts keep the state dict beside other things. */
const STATE_KEYS = ['state_dict', 'model_state_dict', 'model', 'net', 'state_dict_ema']

/** The numbers of a storage as bytes. */
type StorageBytes = (key: string) => Uint8Array

/** Whether a file begins like a zip archive or a pickle; the rest is not looked at. */
export function isPytorchFile(bytes: Uint8Array): boolean {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
  return isZip || (bytes[0] === 0x80 && bytes[1] === 0x02)
}

/**
 * The tensors of real numbers of a saved state dict; counters (`num_batches_tracked`) and kinds of numbers that are not
 * read are left out, and listed as `unread`.
 * @throws PickleFault
 */
export function readPytorchFile(bytes: Uint8Array): NamedArrays {
  const { root, storage } = bytes[0] === 0x80 ? readLegacy(bytes) : readArchive(bytes)
  const arrays: NamedArrays = new Map()
  for (const [name, value] of stateDict(root)) {
    if (typeof name !== 'string' || !isTensor(value)) continue
    const type = value.type === null ? STORAGE_TYPES[value.storage.type] : undefined
    if (type && isReal(type)) {
      arrays.set(name, { shape: value.size, values: tensorValues(name, value, type, storage) })
      continue
    }
    arrays.unread ??= new Map()
    arrays.unread.set(name, value.type ?? value.storage.type)
  }
  return arrays
}

interface Saved {
  root: Pickled
  storage: StorageBytes
}

function readArchive(bytes: Uint8Array): Saved {
  const files = unzip(bytes)
  const table = Object.keys(files).find((path) => path === 'data.pkl' || path.endsWith('/data.pkl'))
  if (!table) throw new PickleFault('is a zip archive, but not one of torch.save: it has no data.pkl')
  const folder = table.slice(0, -'data.pkl'.length)
  const order = files[`${folder}byteorder`]
  if (order && new TextDecoder().decode(order) !== 'little') throw new PickleFault('was saved with big-endian numbers')
  return {
    root: new PickleReader(files[table] as Uint8Array).read(),
    storage: (key) => {
      const data = files[`${folder}data/${key}`]
      if (!data) throw new PickleFault(`is damaged: the numbers "data/${key}" are missing`)
      return data
    },
  }
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes)
  } catch (cause) {
    throw new PickleFault('is truncated or damaged: its zip archive cannot be read', { cause })
  }
}

/**
 * Reads pickles of a magic number, a version, facts about the machine, the object and the storages' keys; then the
 * numbers.
 */
function readLegacy(bytes: Uint8Array): Saved {
  const reader = new PickleReader(bytes)
  if (reader.read() !== LEGACY_MAGIC) throw new PickleFault('is a Python pickle, but not one of torch.save')
  reader.read()
  const machine = reader.read()
  if (machine instanceof Map && machine.get('little_endian') === false) {
    throw new PickleFault('was saved with big-endian numbers')
  }
  const root = reader.read()
  const keys = reader.read()
  if (!Array.isArray(keys)) throw new PickleFault('is damaged: the list of its numbers is missing')
  const sizes = storageSizes(root)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const places = new Map<string, Uint8Array>()
  let position = reader.position
  for (const key of keys) {
    const size = sizes.get(String(key))
    if (size === undefined) throw new PickleFault(`is damaged: nothing refers to its numbers "${String(key)}"`)
    if (position + 8 > bytes.length) throw new PickleFault('is truncated: numbers are missing at its end')
    const length = Number(view.getBigInt64(position, true))
    const start = position + 8
    position = start + length * size
    if (length < 0 || position > bytes.length) throw new PickleFault('is truncated: numbers are missing at its end')
    places.set(String(key), bytes.subarray(start, position))
  }
  return {
    root,
    storage: (key) => {
      const place = places.get(key)
      if (!place) throw new PickleFault(`is damaged: the numbers "${key}" are missing`)
      return place
    },
  }
}

/** Bytes of a number of every storage that a tensor anywhere in `root` refers to. */
function storageSizes(root: Pickled): Map<string, number> {
  const sizes = new Map<string, number>()
  const pending: Pickled[] = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (isTensor(value)) sizes.set(value.storage.key, numberBytes(value))
    else if (value instanceof Map) for (const item of value.values()) pending.push(item)
    else if (Array.isArray(value)) for (const item of value) pending.push(item)
  }
  return sizes
}

/** The older format gives counts of numbers: those that follow are found only where the size of one is known. */
function numberBytes({ storage }: TensorReference): number {
  const known = STORAGE_TYPES[storage.type]
  const bytes = known ? NUMBER_TYPES[known].bytes : OTHER_BYTES[storage.type]
  if (!bytes) throw new PickleFault(`holds numbers of the kind "${storage.type}", whose size is not known`)
  return bytes
}

/** The dict of tensors: the file itself, or its entry under one of the usual keys. */
function stateDict(root: Pickled): Map<Pickled, Pickled> {
  const hasTensors = (value: Pickled | undefined): value is Map<Pickled, Pickled> =>
    value instanceof Map && [...value.values()].some(isTensor)
  if (root instanceof Map) {
    const inner = STATE_KEYS.map((key) => root.get(key)).find(hasTensors)
    if (inner) return inner
  }
  if (!hasTensors(root)) throw new PickleFault('holds no dict of tensors')
  return root
}

/** Row-major float32 values. */
function tensorValues(name: string, tensor: TensorReference, type: RealType, storage: StorageBytes): Float32Array {
  const { offset, size, stride } = tensor
  const count = size.reduce((product, n) => product * n, 1)
  if (count === 0) return new Float32Array()
  const last = size.reduce((sum, n, axis) => sum + (n - 1) * (stride[axis] as number), offset)
  const bytes = storage(tensor.storage.key)
  const available = Math.floor(bytes.length / NUMBER_TYPES[type].bytes)
  if (last >= available || count > available) {
    throw new PickleFault(`is truncated: "${name}" needs ${last + 1} numbers, and ${available} are there`)
  }
  const values = toFloat32(bytes, offset * NUMBER_TYPES[type].bytes, last + 1 - offset, type)
  return isRowMajor(size, stride) ? values : gather(values, size, stride)
}

function isRowMajor(size: number[], stride: number[]): boolean {
  let expected = 1
  for (let axis = size.length - 1; axis >= 0; axis--) {
    if (size[axis] !== 1 && stride[axis] !== expected) return false
    expected *= size[axis] as number
  }
  return true
}

function gather(values: Float32Array, size: number[], stride: number[]): Float32Array {
  const count = size.reduce((product, n) => product * n, 1)
  const target = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    let rest = i
    let source = 0
    for (let axis = size.length - 1; axis >= 0; axis--) {
      const length = size[axis] as number
      source += (rest % length) * (stride[axis] as number)
      rest = Math.floor(rest / length)
    }
    target[i] = values[source] as number
  }
  return target
}
