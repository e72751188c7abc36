// y = clamp(x * scale[c] + shift[c], lowest, highest), x and y [R, C].
// One invocation = the rows j, j + J, j + 2J, ... of one channel.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;

struct Params { rows: u32, channels: u32, lanes: u32, lowest: f32, highest: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> scale: array<Value>;
@group(0) @binding(3) var<storage, read> shift: array<Value>;
@group(0) @binding(4) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let step = params.lanes * params.channels;
  if (t >= step) { return; }
  let c = t % params.channels;
  let a = scale[c];
  let b = shift[c];
  for (var i = t; i < params.rows * params.channels; i += step) {
    y[i] = clamp(x[i] * a + b, Value(params.lowest), Value(params.highest));
  }
}
