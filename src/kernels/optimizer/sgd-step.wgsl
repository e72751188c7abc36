// One step of SGD with momentum and weight decay (PyTorch's), in place: g = clip factor * g; v = momentum * v + g + decay * p;
// p -= rate * v, or, with NESTEROV, p -= rate * (g + decay * p + momentum * v). The factor is min(1, clipNorm / (|g| + 1e-6)),
// squareSum [1] = |g|^2 of all. gradient, parameter, velocity [blocks * 64], as vectors of 4; rates [blocks], a negative one
// leaves its block alone. One invocation = four elements.
override WORKGROUP: u32;
override CLIPPED: bool;
override NESTEROV: bool;

struct Params { size: u32, momentum: f32, weightDecay: f32, clipNorm: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read> rates: array<f32>;
@group(0) @binding(3) var<storage, read> squareSum: array<f32>;
@group(0) @binding(4) var<storage, read_write> parameter: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> velocity: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  let rate = rates[i / 16u];
  if (rate < 0.0) { return; }
  var g = gradient[i];
  if (CLIPPED) { g *= min(1.0, params.clipNorm / (sqrt(squareSum[0]) + 1e-6)); }
  let v = params.momentum * velocity[i] + g + params.weightDecay * parameter[i];
  velocity[i] = v;
  if (NESTEROV) {
    parameter[i] -= rate * (g + params.weightDecay * parameter[i] + params.momentum * v);
  } else {
    parameter[i] -= rate * v;
  }
}
