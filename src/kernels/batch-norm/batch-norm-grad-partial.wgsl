// Gradient of batch normalisation, first pass: partials [J, 2, C], the sums of dz and of dz * (x - mean) / deviation
// over the rows j, j + J, j + 2J, ... of channel c, where dz = dy within the activation's range, else 0.
// x, dy [R, C]. One invocation = one (j, c).
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;

struct Params { rows: u32, channels: u32, lanes: u32, epsilon: f32, lowest: f32, highest: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<Value>;
@group(0) @binding(2) var<storage, read> x: array<Value>;
@group(0) @binding(3) var<storage, read> gamma: array<Value>;
@group(0) @binding(4) var<storage, read> beta: array<Value>;
@group(0) @binding(5) var<storage, read> mean: array<Value>;
@group(0) @binding(6) var<storage, read> variance: array<Value>;
@group(0) @binding(7) var<storage, read_write> partials: array<Value>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let step = params.lanes * params.channels;
  if (t >= step) { return; }
  let c = t % params.channels;
  let m = mean[c];
  let deviation = sqrt(variance[c] + params.epsilon);
  let scale = gamma[c] / deviation;
  let shift = beta[c];
  var sum = Value();
  var products = Value();
  for (var i = t; i < params.rows * params.channels; i += step) {
    let d = x[i] - m;
    let z = d * scale + shift;
    let dz = select(Value(), dy[i], (z > Value(params.lowest)) & (z < Value(params.highest)));
    sum += dz;
    products += dz * d;
  }
  let row = (t / params.channels) * 2u * params.channels;
  partials[row + c] = sum;
  partials[row + params.channels + c] = products / deviation;
}
