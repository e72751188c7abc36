// Weighted cross-entropy of logits upsampled to the labels' size, first pass. partials[j, n] = sum over the pixels j, j + J,
// j + 2J, ... of item n of weight * (log sum exp(logits) - logits[label]); norms = (highest logit, 1 / sum exp(logit - highest))
// of each of these pixels. A pixel whose label is not a class (255 among them) does not count.
// logits [N, h, w, C], labels and weights [N, H, W], partials [J, N], norms [N, H, W, 2]. One invocation = one (n, j).
override WORKGROUP: u32;

struct Params { items: u32, inHeight: u32, inWidth: u32, height: u32, width: u32, classes: u32, lanes: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;
@group(0) @binding(5) var<storage, read_write> norms: array<vec2f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.items * params.lanes) { return; }
  let n = t / params.lanes;
  let j = t % params.lanes;
  let C = params.classes;
  var sum = 0.0;
  for (var p = j; p < params.height * params.width; p += params.lanes) {
    let pixel = n * params.height * params.width + p;
    let label = labels[pixel];
    if (label < 0 || label >= i32(C)) { continue; }
    let y = tap(p / params.width, params.inHeight, params.height);
    let x = tap(p % params.width, params.inWidth, params.width);
    let top = (n * params.inHeight + y.low) * params.inWidth;
    let bottom = (n * params.inHeight + y.high) * params.inWidth;
    let corners = C * vec4u(top + x.low, top + x.high, bottom + x.low, bottom + x.high);
    var highest = 0.0;
    var total = 0.0;
    var wanted = 0.0;
    for (var c = 0u; c < C; c++) {
      let upper = mix(logits[corners.x + c], logits[corners.y + c], x.weight);
      let value = mix(upper, mix(logits[corners.z + c], logits[corners.w + c], x.weight), y.weight);
      if (c == u32(label)) { wanted = value; }
      if (c == 0u || value > highest) {
        total = total * select(exp(highest - value), 0.0, c == 0u) + 1.0;
        highest = value;
      } else {
        total += exp(value - highest);
      }
    }
    norms[pixel] = vec2f(highest, 1.0 / total);
    sum += weights[pixel] * (log(total) + (highest - wanted));
  }
  partials[j * params.items + n] = sum;
}
