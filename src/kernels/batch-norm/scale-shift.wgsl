// y = clamp(x * scale[c] + shift[c], lowest, highest), x and y [R, C].
// One invocation = the rows j, j + J, j + 2J, ... of one channel.
override WORKGROUP: u32;

struct Params { rows: u32, channels: u32, lanes: u32, lowest: f32, highest: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> shift: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let step = params.lanes * params.channels;
  if (t >= step) { return; }
  let c = t % params.channels;
  let a = scale[c];
  let b = shift[c];
  for (var i = t; i < params.rows * params.channels; i += step) {
    y[i] = clamp(x[i] * a + b, params.lowest, params.highest);
  }
}
