// Second pass of every split reduction: sums[p] = sum over s of partials[s, p], partials [rows, columns].
// One invocation adds every SLICES-th row of one column; the first slice then adds the slices, always in the same
// order, so that the result does not vary from run to run. A workgroup has WORKGROUP / SLICES columns.
override WORKGROUP: u32;
override SLICES: u32;

struct Params { rows: u32, columns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

var<workgroup> slice_sums: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
) {
  let columns_here = WORKGROUP / SLICES;
  let p = (group.x + group.y * grid.x) * columns_here + local % columns_here;
  let slice = local / columns_here;
  var sum = 0.0;
  if (p < params.columns) {
    for (var s = slice; s < params.rows; s += SLICES) { sum += partials[s * params.columns + p]; }
  }
  if (SLICES > 1u) {
    slice_sums[local] = sum;
    workgroupBarrier();
    if (slice > 0u) { return; }
    for (var k = 1u; k < SLICES; k++) { sum += slice_sums[k * columns_here + local]; }
  }
  if (p < params.columns) { sums[p] = sum; }
}
