// Gradient of the weighted cross-entropy, first pass: by the logits at the labels' height but their own width,
// rows[n, y, q, c] = sum over x of share(x, q) * weight * (softmax - onehot(label)). Pixels whose label is not a class give 0.
// logits [N, h, w, C], labels and weights [N, H, W], norms [N, H, W, 2] of the forward pass, rows [N, H, w, C].
// One invocation = one element of rows: the logits it needs lie in the columns q - 1, q and q + 1.
override WORKGROUP: u32;

struct Params { size: u32, inHeight: u32, inWidth: u32, height: u32, width: u32, classes: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> norms: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> rows: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.size) { return; }
  let C = params.classes;
  let c = t % C;
  let q = (t / C) % params.inWidth;
  let row = t / (C * params.inWidth);
  let n = row / params.height;
  let y = tap(row % params.height, params.inHeight, params.height);
  let top = (n * params.inHeight + y.low) * params.inWidth;
  let bottom = (n * params.inHeight + y.high) * params.inWidth;
  var columns: array<f32, 3>;
  for (var k = 0u; k < 3u; k++) {
    let column = min(max(q + k, 1u) - 1u, params.inWidth - 1u);
    columns[k] = mix(logits[(top + column) * C + c], logits[(bottom + column) * C + c], y.weight);
  }
  let xs = reach(q, params.inWidth, params.width);
  var sum = 0.0;
  for (var i = xs.x; i <= xs.y; i++) {
    let pixel = row * params.width + u32(i);
    let label = labels[pixel];
    if (label < 0 || label >= i32(C)) { continue; }
    let x = tap(u32(i), params.inWidth, params.width);
    let isRight = x.low == q;
    let value = mix(select(columns[0], columns[1], isRight), select(columns[1], columns[2], isRight), x.weight);
    let norm = norms[pixel];
    let probability = exp(value - norm.x) * norm.y;
    sum += share(x, q) * weights[pixel] * (probability - select(0.0, 1.0, c == u32(label)));
  }
  rows[t] = sum;
}
