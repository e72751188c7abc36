// Weighted cross-entropy, first pass: partials[j, n] = sum over the pixels j, j + J, j + 2J, ... of item n of
// weight * (log sum exp(logits) - logits[label]); pixels without a class (label 255) do not count.
// logits [N, P, C], labels and weights [N, P], partials [J, N]. One invocation = one (n, j).
override WORKGROUP: u32;

struct Params { items: u32, pixels: u32, classes: u32, lanes: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.items * params.lanes) { return; }
  let n = t / params.lanes;
  let j = t % params.lanes;
  let C = params.classes;
  var sum = 0.0;
  for (var p = j; p < params.pixels; p += params.lanes) {
    let pixel = n * params.pixels + p;
    let label = labels[pixel];
    if (label < 0 || label >= i32(C)) { continue; }
    let start = pixel * C;
    var highest = logits[start];
    for (var c = 1u; c < C; c++) { highest = max(highest, logits[start + c]); }
    var total = 0.0;
    for (var c = 0u; c < C; c++) { total += exp(logits[start + c] - highest); }
    sum += weights[pixel] * (log(total) + highest - logits[start + u32(label)]);
  }
  partials[j * params.items + n] = sum;
}
