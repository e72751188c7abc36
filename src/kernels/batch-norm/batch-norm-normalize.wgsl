// y = clamp((x - mean) / sqrt(variance + epsilon) * gamma + beta, lowest, highest), x and y [R, C].
// One invocation = the rows j, j + J, j + 2J, ... of one channel.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;

struct Params { rows: u32, channels: u32, lanes: u32, epsilon: f32, lowest: f32, highest: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gamma: array<Value>;
@group(0) @binding(3) var<storage, read> beta: array<Value>;
@group(0) @binding(4) var<storage, read> mean: array<Value>;
@group(0) @binding(5) var<storage, read> variance: array<Value>;
@group(0) @binding(6) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let step = params.lanes * params.channels;
  if (t >= step) { return; }
  let c = t % params.channels;
  let m = mean[c];
  let scale = gamma[c] / sqrt(variance[c] + params.epsilon);
  let shift = beta[c];
  for (var i = t; i < params.rows * params.channels; i += step) {
    y[i] = clamp((x[i] - m) * scale + shift, Value(params.lowest), Value(params.highest));
  }
}
