// sums[n, c] = factor * sum over p of x[n, p, c]. x [N, P, C], sums [N, C].
// One workgroup = 16 channels of an item: 16 slices of its rows are added apart, then in order, so that two runs agree.
override WORKGROUP: u32;

const CHANNELS = 16u;
const SLICES = 16u;

struct Params { rows: u32, channels: u32, groups: u32, factor: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

var<workgroup> slice_sums: array<f32, CHANNELS * SLICES>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
) {
  let item_groups = (params.channels + CHANNELS - 1u) / CHANNELS;
  let g = group.x + group.y * grid.x;
  let n = g / item_groups;
  let c = (g % item_groups) * CHANNELS + local % CHANNELS;
  let slice = local / CHANNELS;
  let isInside = g < params.groups && c < params.channels;
  var sum = 0.0;
  if (isInside) {
    for (var p = slice; p < params.rows; p += SLICES) { sum += x[(n * params.rows + p) * params.channels + c]; }
  }
  slice_sums[local] = sum;
  workgroupBarrier();
  if (slice > 0u || !isInside) { return; }
  for (var k = 1u; k < SLICES; k++) { sum += slice_sums[k * CHANNELS + local]; }
  sums[n * params.channels + c] = params.factor * sum;
}
