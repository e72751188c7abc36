// y[n, p, c] = factor * x[n, c]. x [N, C], y [N, P, C]. One invocation = one element of y.
override WORKGROUP: u32;

struct Params { size: u32, rows: u32, channels: u32, factor: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  let n = i / (params.rows * params.channels);
  y[i] = params.factor * x[n * params.channels + i % params.channels];
}
