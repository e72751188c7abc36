// Gradient of batch normalisation, second pass: adds up the sums [2P + 4, C] of the first into dbeta and dgamma [C], and writes,
// with xhat = (x - mean) / deviation and dz = dy within the activation's range,
// dx = gamma / deviation * (dz - dbeta / R - xhat * dgamma / R). x, dy, dx [R, C].
// Workgroups, channels and rows as in batch-norm-normalize.wgsl; sums are added in the same order by every workgroup.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;
override LANES: u32;

// True where a dropout follows: see dropped.wgsl.
override DROPS: bool;

struct Params {
  rows: u32, channels: u32, parts: u32, groups: u32, lowest: f32, highest: f32,
  itemSize: u32, prefix: u32, firstPass: u32, threshold: u32, scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<Value>;
@group(0) @binding(2) var<storage, read> x: array<Value>;
@group(0) @binding(3) var<storage, read> sums: array<Value>;
@group(0) @binding(4) var<storage, read_write> dx: array<Value>;
@group(0) @binding(5) var<storage, read_write> dgamma: array<Value>;
@group(0) @binding(6) var<storage, read_write> dbeta: array<Value>;

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
  let j = g / blocks;
  let lane = local / width;
  var gradient = Value();
  var product = Value();
  if (c < C) {
    for (var p = lane; p < params.parts; p += LANES) {
      gradient += sums[p * 2u * C + c];
      product += sums[(p * 2u + 1u) * C + c];
    }
  }
  gradients[local] = gradient;
  products[local] = product;
  workgroupBarrier();
  if (c >= C || j >= params.groups) { return; }
  gradient = gradients[local % width];
  product = products[local % width];
  for (var k = 1u; k < min(LANES, params.parts); k++) {
    gradient += gradients[k * width + local % width];
    product += products[k * width + local % width];
  }
  if (j == 0u && lane == 0u) {
    dbeta[c] = gradient;
    dgamma[c] = product;
  }
  let at = params.parts * 2u * C + c;
  let mean = sums[at];
  let scale = sums[at + C];
  let shift = sums[at + 2u * C];
  let mean_dz = gradient / f32(params.rows);
  let mean_product = product * sums[at + 3u * C] / f32(params.rows);
  let step = params.groups * LANES * C;
  for (var i = (j * LANES + lane) * C + c; i < params.rows * C; i += step) {
    let d = x[i] - mean;
    let z = d * scale + shift;
    var dz = dy[i];
    if (DROPS) { dz = dropped(dz, i); }
    dz = select(Value(), dz, (z > Value(params.lowest)) & (z < Value(params.highest)));
    dx[i] = scale * (dz - mean_dz - d * mean_product);
  }
}
