// Gradients of a fully connected layer: with dz = dy where y > floor, else 0,
// dweights[i, o] = sum over n of x[n, i] * dz[n, o]; dbias[o] = sum over n of dz[n, o]; dx[n, i] = sum over o of dz[n, o] * weights[i, o].
// dy, y [N, O], x, dx [N, I], weights [I, O]. One invocation = one element of dweights, then of dbias, then of dx.
override WORKGROUP: u32;

struct Params { items: u32, inputs: u32, outputs: u32, floor: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> weights: array<f32>;
@group(0) @binding(5) var<storage, read_write> dweights: array<f32>;
@group(0) @binding(6) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(7) var<storage, read_write> dx: array<f32>;

fn dz(n: u32, o: u32) -> f32 {
  let k = n * params.outputs + o;
  return select(0.0, dy[k], y[k] > params.floor);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let I = params.inputs;
  let O = params.outputs;
  var sum = 0.0;
  if (t < I * O) {
    for (var n = 0u; n < params.items; n++) { sum += x[n * I + t / O] * dz(n, t % O); }
    dweights[t] = sum;
  } else if (t < I * O + O) {
    let o = t - I * O;
    for (var n = 0u; n < params.items; n++) { sum += dz(n, o); }
    dbias[o] = sum;
  } else if (t < I * O + O + params.items * I) {
    let k = t - I * O - O;
    for (var o = 0u; o < O; o++) { sum += dz(k / I, o) * weights[(k % I) * O + o]; }
    dx[k] = sum;
  }
}
