// Candidates of the suppression: values [h, w] of the windows of side x side pixels by their top-left corner, (h, w) =
// map size - side + 1. A window's value is the score at its centre, or 0 where it is wholly labelled, not above 0, or
// no number. `labelled` [H + 1, W + 1] holds the labelled pixels above and left of every corner (params.hasLabels = 0:
// none). best [tiles]: the index of each 8 x 8 tile's maximum, the lowest of equals. One invocation = one tile.
override WORKGROUP: u32;

struct Params { tiles: u32, tileColumns: u32, height: u32, width: u32, mapWidth: u32, side: u32, hasLabels: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> score: array<f32>;
@group(0) @binding(2) var<storage, read> labelled: array<u32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;
@group(0) @binding(4) var<storage, read_write> best: array<u32>;

const TILE = 8u;

fn is_labelled(y: u32, x: u32) -> bool {
  if (params.hasLabels == 0u) { return false; }
  let stride = params.mapWidth + 1u;
  let top = y * stride + x;
  let bottom = top + params.side * stride;
  let count = labelled[bottom + params.side] - labelled[bottom] - labelled[top + params.side] + labelled[top];
  return count >= params.side * params.side;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.tiles) { return; }
  let top = (t / params.tileColumns) * TILE;
  let left = (t % params.tileColumns) * TILE;
  let half = params.side / 2u;
  var highest = -1.0;
  var index = 0u;
  for (var y = top; y < min(top + TILE, params.height); y++) {
    for (var x = left; x < min(left + TILE, params.width); x++) {
      var value = score[(y + half) * params.mapWidth + x + half];
      // By its bits: compilers may assume that there is no NaN.
      let is_number = (bitcast<u32>(value) & 0x7fffffffu) <= 0x7f800000u;
      if (!is_number || value <= 0.0 || is_labelled(y, x)) { value = 0.0; }
      let i = y * params.width + x;
      values[i] = value;
      if (value > highest) {
        highest = value;
        index = i;
      }
    }
  }
  best[t] = index;
}
