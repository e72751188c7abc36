// Gradient of batch normalisation by its input: with xhat = (x - mean) / deviation and dz = dy within the activation's
// range, dx = gamma / deviation * (dz - dbeta / R - xhat * dgamma / R). x, dy, dx [R, C]; coefficients [5, C] = mean,
// gamma / deviation, beta, dbeta / R, dgamma / (R * deviation).
// One invocation = the rows j, j + J, j + 2J, ... of one channel.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;

struct Params { rows: u32, channels: u32, lanes: u32, lowest: f32, highest: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<Value>;
@group(0) @binding(2) var<storage, read> x: array<Value>;
@group(0) @binding(3) var<storage, read> coefficients: array<Value>;
@group(0) @binding(4) var<storage, read_write> dx: array<Value>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let C = params.channels;
  let step = params.lanes * C;
  if (t >= step) { return; }
  let c = t % C;
  let mean = coefficients[c];
  let scale = coefficients[C + c];
  let beta = coefficients[2u * C + c];
  let mean_dz = coefficients[3u * C + c];
  let mean_product = coefficients[4u * C + c];
  for (var i = t; i < params.rows * C; i += step) {
    let d = x[i] - mean;
    let z = d * scale + beta;
    let dz = select(Value(), dy[i], (z > Value(params.lowest)) & (z < Value(params.highest)));
    dx[i] = scale * (dz - mean_dz - d * mean_product);
  }
}
