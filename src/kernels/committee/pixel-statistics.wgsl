// Per pixel of logits [N, h, w, C] upsampled (bilinear, corners aligned) to [N, H, W], with p their softmax: prediction =
// argmax (the lowest class wins a tie), confidence = its p, margin = p1 - p2, entropy = -sum p log2 p in bits.
// One invocation = one pixel.
override WORKGROUP: u32;

struct Params { items: u32, inHeight: u32, inWidth: u32, classes: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> prediction: array<i32>;
@group(0) @binding(3) var<storage, read_write> confidence: array<f32>;
@group(0) @binding(4) var<storage, read_write> margin: array<f32>;
@group(0) @binding(5) var<storage, read_write> entropy: array<f32>;

const BITS_PER_NAT = 1.4426950408889634;
const LOWEST = -3.4028234663852886e38;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.items * params.height * params.width) { return; }
  let C = params.classes;
  let n = t / (params.height * params.width);
  let y = tap((t / params.width) % params.height, params.inHeight, params.height);
  let x = tap(t % params.width, params.inWidth, params.width);
  let rows = n * params.inHeight + vec4u(y.low, y.low, y.high, y.high);
  let at = (rows * params.inWidth + vec4u(x.low, x.high, x.low, x.high)) * C;

  // With d = logit - highest: total = sum exp(d), weighted = sum d exp(d), both rescaled when a higher logit comes.
  var best = 0u;
  var highest = LOWEST;
  var second = LOWEST;
  var total = 0.0;
  var weighted = 0.0;
  for (var c = 0u; c < C; c++) {
    let i = at + c;
    let logit = mix(mix(logits[i.x], logits[i.y], x.weight), mix(logits[i.z], logits[i.w], x.weight), y.weight);
    if (c == 0u) {
      highest = logit;
      total = 1.0;
    } else if (logit > highest) {
      let d = highest - logit;
      let shrink = exp(d);
      weighted = shrink * (weighted + d * total);
      total = shrink * total + 1.0;
      second = highest;
      highest = logit;
      best = c;
    } else {
      let d = logit - highest;
      weighted += d * exp(d);
      total += exp(d);
      second = max(second, logit);
    }
  }
  prediction[t] = i32(best);
  confidence[t] = 1.0 / total;
  margin[t] = (1.0 - select(0.0, exp(second - highest), C > 1u)) / total;
  entropy[t] = max(0.0, (log(total) - weighted / total) * BITS_PER_NAT);
}
