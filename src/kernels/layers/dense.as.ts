/** Fully connected layers: rows of weights are read once for four items or eight inputs, in columns that fit the first cache. */
import { at, multiplyAdd, sumOf, zero } from '../assembly/simd.as'

/** Columns of a unit of the forward pass. */
const COLUMNS = 256
/** Columns that four items' gradients keep in the cache while rows of weights pass. */
const CHUNK = 512
/** Inputs of a unit of the gradients. */
const ROWS = 8

/** A vector of four numbers. */
@inline
function four(a: f32, b: f32, c: f32, d: f32): v128 {
  const low = f32x4.replace_lane(f32x4.splat(a), 1, b)
  return f32x4.replace_lane(f32x4.replace_lane(low, 2, c), 3, d)
}

/** target[o] += sum over eight rows of factors[k] * rows[k][o], o < count; rows lie `stride` floats apart. */
function addEightRows(target: usize, rows: usize, stride: i32, factors: usize, count: i32): void {
  const f0 = v128.load32_splat(factors), f1 = v128.load32_splat(factors, 4)
  const f2 = v128.load32_splat(factors, 8), f3 = v128.load32_splat(factors, 12)
  const f4 = v128.load32_splat(factors, 16), f5 = v128.load32_splat(factors, 20)
  const f6 = v128.load32_splat(factors, 24), f7 = v128.load32_splat(factors, 28)
  const r1 = at(rows, stride), r2 = at(r1, stride), r3 = at(r2, stride), r4 = at(r3, stride)
  const r5 = at(r4, stride), r6 = at(r5, stride), r7 = at(r6, stride)
  const vectors = (<usize>(count & ~3)) << 2
  let b: usize = 0
  for (; b < vectors; b += 16) {
    let sum = multiplyAdd(f0, v128.load(rows + b), v128.load(target + b))
    let other = f32x4.mul(f1, v128.load(r1 + b))
    sum = multiplyAdd(f2, v128.load(r2 + b), sum)
    other = multiplyAdd(f3, v128.load(r3 + b), other)
    sum = multiplyAdd(f4, v128.load(r4 + b), sum)
    other = multiplyAdd(f5, v128.load(r5 + b), other)
    sum = multiplyAdd(f6, v128.load(r6 + b), sum)
    other = multiplyAdd(f7, v128.load(r7 + b), other)
    v128.store(target + b, f32x4.add(sum, other))
  }
  for (let o = count & ~3; o < count; o++) {
    let sum = load<f32>(at(target, o))
    for (let k = 0; k < 8; k++) sum += load<f32>(at(factors, k)) * load<f32>(at(rows, k * stride + o))
    store<f32>(at(target, o), sum)
  }
}

/** target[o] += factor * row[o], o < count. */
function addRow(target: usize, row: usize, factor: f32, count: i32): void {
  const splat = f32x4.splat(factor)
  let o = 0
  for (; o + 4 <= count; o += 4) {
    v128.store(at(target, o), multiplyAdd(splat, v128.load(at(row, o)), v128.load(at(target, o))))
  }
  for (; o < count; o++) store<f32>(at(target, o), load<f32>(at(target, o)) + factor * load<f32>(at(row, o)))
}

/** y = activation(x W + b): x [items, inputs], weights [inputs, outputs], y [items, outputs]. Units: groups of 256 outputs. */
export function dense(
  x: usize, weights: usize, bias: usize, y: usize, items: i32, inputs: i32, outputs: i32, isRelu: i32, start: i32, end: i32,
): void {
  for (let first = start * COLUMNS; first < min(end * COLUMNS, outputs); first += COLUMNS) {
    const count = min(COLUMNS, outputs - first)
    for (let n = 0; n < items; n++) memory.copy(at(y, n * outputs + first), at(bias, first), (<usize>count) << 2)
    let i = 0
    for (; i + 8 <= inputs; i += 8) {
      const rows = at(weights, i * outputs + first)
      for (let n = 0; n < items; n++) addEightRows(at(y, n * outputs + first), rows, outputs, at(x, n * inputs + i), count)
    }
    for (; i < inputs; i++) {
      const row = at(weights, i * outputs + first)
      for (let n = 0; n < items; n++) addRow(at(y, n * outputs + first), row, load<f32>(at(x, n * inputs + i)), count)
    }
    if (!isRelu) continue
    for (let n = 0; n < items; n++) {
      for (let o = n * outputs + first; o < n * outputs + first + count; o++) store<f32>(at(y, o), max<f32>(0, load<f32>(at(y, o))))
    }
  }
}

/**
 * dz [items up to a multiple of 4, outputs] = dy, of a relu 0 where y is 0, and zeros behind the last item; dbias = its sums
 * over the items. Units: outputs.
 */
export function denseGradOutputs(
  dy: usize, y: usize, dz: usize, dbias: usize, items: i32, outputs: i32, isRelu: i32, start: i32, end: i32,
): void {
  const count = end - start
  const sums = at(dbias, start)
  zero(sums, count)
  for (let n = 0; n < items; n++) {
    const row = n * outputs + start
    for (let k = row; k < row + count; k++) {
      store<f32>(at(dz, k), !isRelu || load<f32>(at(y, k)) > 0 ? load<f32>(at(dy, k)) : 0)
    }
    addRow(sums, at(dz, row), 1, count)
  }
  for (let n = items; n & 3; n++) zero(at(dz, n * outputs + start), count)
}

/**
 * Of one input and four items: dweights[o] += sum of factors[n] * dz[n][o], and sums[n] += sum of dz[n][o] * weights[o],
 * o < count. Rows of dz lie `stride` floats apart.
 */
function gradOfFour(dz: usize, stride: i32, weights: usize, dweights: usize, factors: usize, sums: usize, count: i32): void {
  const f0 = v128.load32_splat(factors), f1 = v128.load32_splat(factors, 4)
  const f2 = v128.load32_splat(factors, 8), f3 = v128.load32_splat(factors, 12)
  const z1 = at(dz, stride), z2 = at(z1, stride), z3 = at(z2, stride)
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0
  const vectors = (<usize>(count & ~3)) << 2
  for (let b: usize = 0; b < vectors; b += 16) {
    const w = v128.load(weights + b)
    let sum = v128.load(dweights + b)
    let z = v128.load(dz + b)
    s0 = multiplyAdd(w, z, s0)
    sum = multiplyAdd(f0, z, sum)
    z = v128.load(z1 + b)
    s1 = multiplyAdd(w, z, s1)
    sum = multiplyAdd(f1, z, sum)
    z = v128.load(z2 + b)
    s2 = multiplyAdd(w, z, s2)
    sum = multiplyAdd(f2, z, sum)
    z = v128.load(z3 + b)
    s3 = multiplyAdd(w, z, s3)
    sum = multiplyAdd(f3, z, sum)
    v128.store(dweights + b, sum)
  }
  let sums4 = four(sumOf(s0), sumOf(s1), sumOf(s2), sumOf(s3))
  for (let o = count & ~3; o < count; o++) {
    const z = four(load<f32>(at(dz, o)), load<f32>(at(z1, o)), load<f32>(at(z2, o)), load<f32>(at(z3, o)))
    sums4 = multiplyAdd(z, v128.load32_splat(at(weights, o)), sums4)
    store<f32>(at(dweights, o), load<f32>(at(dweights, o)) + sumOf(f32x4.mul(z, v128.load(factors))))
  }
  v128.store(sums, f32x4.add(v128.load(sums), sums4))
}

/**
 * dweights [inputs, outputs] and dx [items, inputs] from dz. `aside` holds two numbers for each input and each item, up to a
 * multiple of 4: x and dx turned round, so that four items lie side by side. Units: groups of 8 inputs.
 */
export function denseGrad(
  dz: usize, x: usize, weights: usize, dweights: usize, dx: usize, aside: usize, items: i32, inputs: i32, outputs: i32,
  start: i32, end: i32,
): void {
  const padded = (items + 3) & ~3
  const firstInput = start * ROWS
  const lastInput = min(end * ROWS, inputs)
  for (let group = firstInput; group < lastInput; group += ROWS) {
    const groupEnd = min(group + ROWS, lastInput)
    for (let i = group; i < groupEnd; i++) {
      const factors = at(aside, 2 * i * padded)
      zero(factors, 2 * padded)
      for (let n = 0; n < items; n++) store<f32>(at(factors, n), load<f32>(at(x, n * inputs + i)))
    }
    for (let first = 0; first < outputs; first += CHUNK) {
      const count = min(CHUNK, outputs - first)
      for (let i = group; i < groupEnd; i++) {
        const row = i * outputs + first
        const factors = at(aside, 2 * i * padded)
        zero(at(dweights, row), count)
        for (let n = 0; n < items; n += 4) {
          const rows = at(dz, n * outputs + first)
          gradOfFour(rows, outputs, at(weights, row), at(dweights, row), at(factors, n), at(factors, padded + n), count)
        }
      }
    }
    for (let i = group; i < groupEnd; i++) {
      const sums = at(aside, (2 * i + 1) * padded)
      for (let n = 0; n < items; n++) store<f32>(at(dx, n * inputs + i), load<f32>(at(sums, n)))
    }
  }
}
