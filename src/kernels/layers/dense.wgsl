// Fully connected layer: y[n, o] = max(floor, bias[o] + sum over i of x[n, i] * weights[i, o]).
// x [N, I], weights [I, O], bias [O], y [N, O]. One invocation = one element of y.
override WORKGROUP: u32;

struct Params { size: u32, inputs: u32, outputs: u32, floor: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.size) { return; }
  let n = t / params.outputs;
  let o = t % params.outputs;
  var sum = 0.0;
  for (var i = 0u; i < params.inputs; i++) { sum += x[n * params.inputs + i] * weights[i * params.outputs + o]; }
  y[t] = max(params.floor, sum + bias[o]);
}
