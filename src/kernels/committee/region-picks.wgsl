// Non-maximum suppression in one workgroup (paper Eq. 6): takes the window with the largest value (the lowest index of equals), then
// strikes every window with |dr| < side and |dc| < side; at most `most` times, until nothing above 0 is left. values [h, w] and
// best [tiles] come from region-values.wgsl and change. Beforehand the maxima of both maps are found from their partial ones.
// result: number of picks, bits of the two maxima, then for each pick its index, the bits of its value, its new pixels.
// Follows best-by-memory.wgsl or best-by-subgroups.wgsl, which find the best window of all invocations.
struct Params {
  tiles: u32, tileColumns: u32, height: u32, width: u32, mapWidth: u32, side: u32, hasLabels: u32, most: u32, partials: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> labelled: array<u32>;
@group(0) @binding(2) var<storage, read> partial_maxima: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> best: array<u32>;
@group(0) @binding(5) var<storage, read_write> result: array<u32>;

const TILE = 8u;
const HEADER = 3u;

var<workgroup> picked: u32;

fn new_pixels(y: u32, x: u32) -> u32 {
  let area = params.side * params.side;
  if (params.hasLabels == 0u) { return area; }
  let stride = params.mapWidth + 1u;
  let top = y * stride + x;
  let bottom = top + params.side * stride;
  return area - (labelled[bottom + params.side] - labelled[bottom] - labelled[top + params.side] + labelled[top]);
}

// Zeroes what the pick strikes of a tile and finds the tile's new maximum.
fn rescan(tile: u32, pick: vec2i) {
  let top = (tile / params.tileColumns) * TILE;
  let left = (tile % params.tileColumns) * TILE;
  let side = vec2i(i32(params.side));
  var most = -1.0;
  var index = 0u;
  for (var y = top; y < min(top + TILE, params.height); y++) {
    for (var x = left; x < min(left + TILE, params.width); x++) {
      let i = y * params.width + x;
      let apart = vec2i(i32(y), i32(x)) - pick;
      var value = values[i];
      // Not max(abs(..), abs(..)): NVIDIA's driver 580 loses one of the abs, and rows above the pick are struck however far they are.
      if (all(apart > -side) && all(apart < side)) {
        value = 0.0;
        values[i] = 0.0;
      }
      if (value > most) {
        most = value;
        index = i;
      }
    }
  }
  best[tile] = index;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) local: u32) {
  if (local < 2u) {
    var maximum = 0.0;
    for (var i = 0u; i < params.partials; i++) { maximum = max(maximum, partial_maxima[local * params.partials + i]); }
    result[1u + local] = bitcast<u32>(maximum);
  }
  var count = 0u;
  for (; count < params.most; count++) {
    var mine = Window(0.0, NOTHING);
    for (var t = local; t < params.tiles; t += WORKGROUP) {
      let i = best[t];
      let here = Window(values[i], i);
      if (here.value > 0.0 && is_better(here, mine)) { mine = here; }
    }
    let first_of_all = best_of_all(local, mine);
    if (local == 0u) { picked = first_of_all.index; }
    let pick = workgroupUniformLoad(&picked);
    if (pick == NOTHING) { break; }
    let row = pick / params.width;
    let column = pick % params.width;
    if (local == 0u) {
      let at = HEADER + 3u * count;
      result[at] = pick;
      result[at + 1u] = bitcast<u32>(first_of_all.value);
      result[at + 2u] = new_pixels(row, column);
    }
    let reach = params.side - 1u;
    let first = vec2u(row - min(reach, row), column - min(reach, column)) / TILE;
    let last = min(vec2u(row, column) + reach, vec2u(params.height, params.width) - 1u) / TILE;
    let extent = last - first + 1u;
    for (var k = local; k < extent.x * extent.y; k += WORKGROUP) {
      rescan((first.x + k / extent.y) * params.tileColumns + first.y + k % extent.y, vec2i(i32(row), i32(column)));
    }
    storageBarrier();
  }
  if (local == 0u) { result[0] = count; }
}
