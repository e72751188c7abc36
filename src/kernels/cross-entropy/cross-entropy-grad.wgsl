// Gradient of the weighted cross-entropy: dlogits = dsums[n] * weight * (softmax(logits) - onehot(label)), 0 for pixels
// without a class (label 255). logits, dlogits [N, P, C], labels and weights [N, P], dsums [N].
// One invocation = one pixel.
override WORKGROUP: u32;

struct Params { items: u32, pixels: u32, classes: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> dsums: array<f32>;
@group(0) @binding(5) var<storage, read_write> dlogits: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let pixel = id.x + id.y * grid.x * WORKGROUP;
  if (pixel >= params.items * params.pixels) { return; }
  let C = params.classes;
  let start = pixel * C;
  let label = labels[pixel];
  if (label < 0 || label >= i32(C)) {
    for (var c = 0u; c < C; c++) { dlogits[start + c] = 0.0; }
    return;
  }
  var highest = logits[start];
  for (var c = 1u; c < C; c++) { highest = max(highest, logits[start + c]); }
  var total = 0.0;
  for (var c = 0u; c < C; c++) { total += exp(logits[start + c] - highest); }
  let factor = dsums[pixel / params.pixels] * weights[pixel];
  for (var c = 0u; c < C; c++) {
    let probability = exp(logits[start + c] - highest) / total;
    dlogits[start + c] = factor * (probability - select(0.0, 1.0, c == u32(label)));
  }
}
