// Softmax attention between the patches of one image (paper Eq. 7 and 8): attended[q] = softmax over the keys k in reach of
// gain_k (x_q . x_k) + bias_k - falloff |q - k|^2, times values[k]. Keys are streamed with a running maximum and sum, so nothing
// is kept for a pair. colours [H, W], keys [K] = (row, column, gain, bias), values [K, C], keysBefore [cells + 1], queries [Q],
// tiles [T + 1], attended [Q, C]. An invocation has one tile of up to 4 queries of one grid row (the components of a vector) and the
// channels of one chunk; alone, or with the lanes of a workgroup that each take every so manieth key. The constant CHUNK_VECTORS,
// vectors of channels in a chunk, stands before this text; patch-attention-alone.wgsl or patch-attention-together.wgsl follows it.
override WORKGROUP: u32;

struct Params {
  firstTile: u32, tiles: u32, chunks: u32, channelVectors: u32,
  width: u32, side: u32, stride: u32, rows: u32, columns: u32, reach: u32,
  squaredReach: f32, falloff: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> colours: array<vec3f>;
@group(0) @binding(2) var<storage, read> keys: array<vec4f>;
@group(0) @binding(3) var<storage, read> values: array<vec4f>;
@group(0) @binding(4) var<storage, read> keysBefore: array<u32>;
@group(0) @binding(5) var<storage, read> queries: array<u32>;
@group(0) @binding(6) var<storage, read> tiles: array<u32>;
@group(0) @binding(7) var<storage, read_write> attended: array<vec4f>;

// Stands for minus infinity where differences are taken.
const NOTHING = -1e30;
// Weights below e^-30 of the largest are left out: all keys of an image together stay below the resolution of f32.
const NEGLIGIBLE = 30.0;

var<private> maximum: vec4f;
var<private> total: vec4f;
var<private> sums: array<vec4f, CHUNK_VECTORS * 4u>;

fn pixelOf(key: vec4f) -> u32 {
  return (u32(key.x) * params.width + u32(key.y)) * params.stride;
}

fn logitOf(dots: vec4f, key: vec4f, columns: vec4f, rowsApart: f32, isPresent: bool) -> vec4f {
  let apart = columns - key.y;
  let squared = apart * apart + rowsApart;
  let logit = dots * key.z + (key.w - params.falloff * squared);
  return select(vec4f(NOTHING), logit, (squared <= vec4f(params.squaredReach)) & vec4<bool>(isPresent));
}

fn weightOf(logit: vec4f, maximum: vec4f) -> vec4f {
  return select(vec4f(0.0), exp(logit - maximum), logit > vec4f(0.5 * NOTHING));
}

struct Tile { first: u32, count: u32, chunk: u32, vectors: u32 }

fn tileOf(t: u32) -> Tile {
  let tile = params.firstTile + t / params.chunks;
  let chunk = (t % params.chunks) * CHUNK_VECTORS;
  return Tile(tiles[tile], tiles[tile + 1u] - tiles[tile], chunk, min(CHUNK_VECTORS, params.channelVectors - chunk));
}

// Leaves in `maximum`, `total` and `sums` what this one of `lanes` lanes finds.
fn attend(tile: Tile, lane: u32, lanes: u32) {
  let chunk = tile.chunk;
  let vectors = tile.vectors;
  let first = tile.first;
  let last = first + tile.count - 1u;
  let row = queries[first] / params.columns;
  let rowCell = row * params.columns;
  let rowPixel = row * params.stride * params.width;
  let columns = vec4u(queries[first], queries[min(first + 1u, last)], queries[min(first + 2u, last)], queries[last]) - rowCell;
  let places = vec4f(columns);
  let q = rowPixel + columns * params.stride;

  maximum = vec4f(NOTHING);
  total = vec4f(0.0);
  for (var c = 0u; c < vectors * 4u; c++) { sums[c] = vec4f(0.0); }
  let endRow = min(params.rows, row + params.reach + 1u);
  for (var r = row - min(row, params.reach); r < endRow; r++) {
    let rowsApart = (f32(r) - f32(row)) * (f32(r) - f32(row));
    let half = u32(sqrt(params.squaredReach - rowsApart) + 0.01);
    let start = keysBefore[r * params.columns + columns.x - min(columns.x, half)];
    let end = keysBefore[r * params.columns + min(params.columns - 1u, columns.w + half) + 1u];
    for (var k = start + 4u * lane; k < end; k += 4u * lanes) {
      let lastKey = end - 1u;
      let k1 = min(k + 1u, lastKey);
      let k2 = min(k + 2u, lastKey);
      let k3 = min(k + 3u, lastKey);
      let key0 = keys[k];
      let key1 = keys[k1];
      let key2 = keys[k2];
      let key3 = keys[k3];
      let p = vec4u(pixelOf(key0), pixelOf(key1), pixelOf(key2), pixelOf(key3));
      var dots0 = vec4f(0.0);
      var dots1 = vec4f(0.0);
      var dots2 = vec4f(0.0);
      var dots3 = vec4f(0.0);
      for (var y = 0u; y < params.side; y++) {
        let line = y * params.width;
        for (var i = line; i < line + params.side; i++) {
          let a = colours[q.x + i];
          let b = colours[q.y + i];
          let c = colours[q.z + i];
          let d = colours[q.w + i];
          let x0 = colours[p.x + i];
          let x1 = colours[p.y + i];
          let x2 = colours[p.z + i];
          let x3 = colours[p.w + i];
          dots0 += vec4f(dot(a, x0), dot(b, x0), dot(c, x0), dot(d, x0));
          dots1 += vec4f(dot(a, x1), dot(b, x1), dot(c, x1), dot(d, x1));
          dots2 += vec4f(dot(a, x2), dot(b, x2), dot(c, x2), dot(d, x2));
          dots3 += vec4f(dot(a, x3), dot(b, x3), dot(c, x3), dot(d, x3));
        }
      }
      let logit0 = logitOf(dots0, key0, places, rowsApart, true);
      let logit1 = logitOf(dots1, key1, places, rowsApart, k + 1u < end);
      let logit2 = logitOf(dots2, key2, places, rowsApart, k + 2u < end);
      let logit3 = logitOf(dots3, key3, places, rowsApart, k + 3u < end);
      let peak = max(max(logit0, logit1), max(logit2, logit3));
      if (all(peak <= max(maximum - NEGLIGIBLE, vec4f(NOTHING)))) { continue; }
      if (any(peak > maximum)) {
        let raised = max(peak, maximum);
        let shrink = weightOf(maximum, raised);
        maximum = raised;
        total *= shrink;
        for (var c = 0u; c < vectors * 4u; c++) { sums[c] *= shrink; }
      }
      let w0 = weightOf(logit0, maximum);
      let w1 = weightOf(logit1, maximum);
      let w2 = weightOf(logit2, maximum);
      let w3 = weightOf(logit3, maximum);
      total += (w0 + w1) + (w2 + w3);
      for (var c = 0u; c < vectors; c++) {
        let v0 = values[k * params.channelVectors + chunk + c];
        let v1 = values[k1 * params.channelVectors + chunk + c];
        let v2 = values[k2 * params.channelVectors + chunk + c];
        let v3 = values[k3 * params.channelVectors + chunk + c];
        sums[4u * c] += w0 * v0.x + w1 * v1.x + (w2 * v2.x + w3 * v3.x);
        sums[4u * c + 1u] += w0 * v0.y + w1 * v1.y + (w2 * v2.y + w3 * v3.y);
        sums[4u * c + 2u] += w0 * v0.z + w1 * v1.z + (w2 * v2.z + w3 * v3.z);
        sums[4u * c + 3u] += w0 * v0.w + w1 * v1.w + (w2 * v2.w + w3 * v3.w);
      }
    }
  }
}
