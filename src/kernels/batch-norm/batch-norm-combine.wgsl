// Batch statistics, second pass: partials [2, J, C] -> mean [C], biased variance [C], by the pairwise update of
// Chan, Golub and LeVeque (1979): n = n_a + n_b, mean += d n_b / n, S += S_b + d^2 n_a n_b / n with d = mean_b - mean_a.
// One invocation = every SLICES-th j of one channel; the first slice then merges the slices.
override WORKGROUP: u32;
override SLICES: u32;

struct Params { rows: u32, channels: u32, lanes: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> variance: array<f32>;

// Count, mean, sum of squared deviations.
var<workgroup> slices: array<vec3f, WORKGROUP>;

fn merge(a: vec3f, b: vec3f) -> vec3f {
  let n = a.x + b.x;
  if (n == 0.0) { return a; }
  let d = b.y - a.y;
  return vec3f(n, a.y + d * (b.x / n), a.z + b.z + d * d * (a.x * (b.x / n)));
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
) {
  let channels_here = WORKGROUP / SLICES;
  let c = (group.x + group.y * grid.x) * channels_here + local % channels_here;
  let slice = local / channels_here;
  var all = vec3f();
  if (c < params.channels) {
    for (var j = slice; j < params.lanes; j += SLICES) {
      let t = j * params.channels + c;
      let n = f32((params.rows - j + params.lanes - 1u) / params.lanes);
      all = merge(all, vec3f(n, partials[t], partials[params.lanes * params.channels + t]));
    }
  }
  if (SLICES > 1u) {
    slices[local] = all;
    workgroupBarrier();
    if (slice > 0u) { return; }
    for (var k = 1u; k < SLICES; k++) { all = merge(all, slices[k * channels_here + local]); }
  }
  if (c < params.channels) {
    mean[c] = all.y;
    variance[c] = all.z / all.x;
  }
}
