// One step of SGD with momentum and weight decay (PyTorch's), in place: g += decay * p; v = momentum * v + g; p -= rate * v.
// gradient, parameter, velocity [blocks * 64], as vectors of 4; rates [blocks], a negative one leaves its block alone.
// One invocation = four elements.
override WORKGROUP: u32;

struct Params { size: u32, momentum: f32, weightDecay: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read> rates: array<f32>;
@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> velocity: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  let rate = rates[i / 16u];
  if (rate < 0.0) { return; }
  let v = params.momentum * velocity[i] + gradient[i] + params.weightDecay * parameter[i];
  velocity[i] = v;
  parameter[i] -= rate * v;
}
