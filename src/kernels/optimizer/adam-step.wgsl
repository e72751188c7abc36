// One step of Adam (PyTorch's), in place: g *= clip factor; m += firstShare * (g - m); v += secondShare * (g^2 - v);
// p -= rate * m / (rootScale * sqrt(v) + epsilon). The factor is min(1, clipNorm / (|g| + 1e-6)), squareSum [1] = |g|^2 of all.
// gradient, parameter, first, second [blocks * 64], as vectors of 4. One invocation = four elements.
override WORKGROUP: u32;
override CLIPPED: bool;

struct Params {
  size: u32, clipNorm: f32, firstShare: f32, secondShare: f32, rate: f32, rootScale: f32, epsilon: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read> squareSum: array<f32>;
@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> first: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> second: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  var g = gradient[i];
  if (CLIPPED) { g *= min(1.0, params.clipNorm / (sqrt(squareSum[0]) + 1e-6)); }
  let m = first[i] + params.firstShare * (g - first[i]);
  let v = second[i] + params.secondShare * (g * g - second[i]);
  first[i] = m;
  second[i] = v;
  parameter[i] -= params.rate * m / (params.rootScale * sqrt(v) + params.epsilon);
}
