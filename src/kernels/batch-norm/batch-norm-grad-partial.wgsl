// Gradient of batch normalisation, first pass: sums [2P + 4, C]. Rows 2p and 2p + 1: the sums of dz and of
// dz * (x - mean) / deviation over the `chunk` rows of part p, where dz = dy within the activation's range, else 0. Then, for
// the second pass, which has no binding to spare for them: mean, gamma / deviation, beta, 1 / deviation. x, dy [R, C].
// One workgroup = one part of a block of WORKGROUP / LANES channels, whose rows LANES invocations share.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;
override LANES: u32;

// True where a dropout follows: see dropped.wgsl.
override DROPS: bool;

struct Params {
  rows: u32, channels: u32, parts: u32, chunk: u32, epsilon: f32, lowest: f32, highest: f32,
  itemSize: u32, prefix: u32, firstPass: u32, threshold: u32, scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<Value>;
@group(0) @binding(2) var<storage, read> x: array<Value>;
@group(0) @binding(3) var<storage, read> gamma: array<Value>;
@group(0) @binding(4) var<storage, read> beta: array<Value>;
@group(0) @binding(5) var<storage, read> mean: array<Value>;
@group(0) @binding(6) var<storage, read> variance: array<Value>;
@group(0) @binding(7) var<storage, read_write> sums: array<Value>;

var<workgroup> gradients: array<Value, WORKGROUP>;
var<workgroup> products: array<Value, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
) {
  let C = params.channels;
  let width = WORKGROUP / LANES;
  let blocks = (C + width - 1u) / width;
  let g = group.x + group.y * grid.x;
  let c = (g % blocks) * width + local % width;
  let part = g / blocks;
  let lane = local / width;
  let end = min((part + 1u) * params.chunk, params.rows) * C;
  let m = mean[min(c, C - 1u)];
  let rate = 1.0 / sqrt(variance[min(c, C - 1u)] + params.epsilon);
  let scale = gamma[min(c, C - 1u)] * rate;
  let shift = beta[min(c, C - 1u)];
  var gradient = Value();
  var product = Value();
  if (c < C) {
    for (var i = (part * params.chunk + lane) * C + c; i < end; i += LANES * C) {
      let d = x[i] - m;
      let z = d * scale + shift;
      var dz = dy[i];
      if (DROPS) { dz = dropped(dz, i); }
      dz = select(Value(), dz, (z > Value(params.lowest)) & (z < Value(params.highest)));
      gradient += dz;
      product += dz * d;
    }
  }
  gradients[local] = gradient;
  products[local] = product;
  workgroupBarrier();
  if (lane > 0u || c >= C || part >= params.parts) { return; }
  for (var k = 1u; k < LANES; k++) {
    gradient += gradients[k * width + local];
    product += products[k * width + local];
  }
  sums[part * 2u * C + c] = gradient;
  sums[(part * 2u + 1u) * C + c] = product * rate;
  if (part == 0u) {
    let at = params.parts * 2u * C + c;
    sums[at] = m;
    sums[at + C] = scale;
    sums[at + 2u * C] = shift;
    sums[at + 3u * C] = rate;
  }
}
