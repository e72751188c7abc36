// Batch normalisation, second pass: merges the partials [P, 2, C] of the first into mean and biased variance [C], and writes
// y = clamp((x - mean) / sqrt(variance + epsilon) * gamma + beta, lowest, highest), x and y [R, C].
// Every workgroup merges for its own block of WORKGROUP / LANES channels, whose rows LANES invocations share; workgroup
// number j of J of a block takes the rows j * LANES + lane, (j + J) * LANES + lane, ...
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;
override LANES: u32;

// True where a dropout follows: see dropped.wgsl.
override DROPS: bool;

struct Params {
  rows: u32, channels: u32, parts: u32, chunk: u32, groups: u32, epsilon: f32, lowest: f32, highest: f32,
  itemSize: u32, prefix: u32, firstPass: u32, threshold: u32, scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gamma: array<Value>;
@group(0) @binding(3) var<storage, read> beta: array<Value>;
@group(0) @binding(4) var<storage, read> partials: array<Value>;
@group(0) @binding(5) var<storage, read_write> y: array<Value>;
@group(0) @binding(6) var<storage, read_write> mean: array<Value>;
@group(0) @binding(7) var<storage, read_write> variance: array<Value>;

struct Moments { n: f32, mean: Value, squares: Value }

var<workgroup> lanes: array<Moments, WORKGROUP>;

// Pairwise update of Chan, Golub and LeVeque (1979).
fn merge(a: Moments, b: Moments) -> Moments {
  let n = a.n + b.n;
  let share = b.n / max(n, 1.0);
  let d = b.mean - a.mean;
  return Moments(n, a.mean + d * share, a.squares + b.squares + d * d * (a.n * share));
}

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
  var all = Moments(0.0, Value(), Value());
  if (c < C) {
    for (var p = lane; p < params.parts; p += LANES) {
      let n = f32(min(params.chunk, params.rows - p * params.chunk));
      all = merge(all, Moments(n, partials[p * 2u * C + c], partials[(p * 2u + 1u) * C + c]));
    }
  }
  lanes[local] = all;
  workgroupBarrier();
  if (c >= C || j >= params.groups) { return; }
  all = lanes[local % width];
  for (var k = 1u; k < min(LANES, params.parts); k++) { all = merge(all, lanes[k * width + local % width]); }
  let m = all.mean;
  let v = all.squares / all.n;
  if (j == 0u && lane == 0u) {
    mean[c] = m;
    variance[c] = v;
  }
  let scale = gamma[c] / sqrt(v + params.epsilon);
  let shift = beta[c];
  let step = params.groups * LANES * C;
  for (var i = (j * LANES + lane) * C + c; i < params.rows * C; i += step) {
    var value = clamp((x[i] - m) * scale + shift, Value(params.lowest), Value(params.highest));
    if (DROPS) { value = dropped(value, i); }
    y[i] = value;
  }
}
