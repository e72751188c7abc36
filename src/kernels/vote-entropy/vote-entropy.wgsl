// Entropy of the committee's votes (paper Eq. 4): the logits [m, h, w, C] of m passes, upsampled (bilinear, corners
// aligned), vote for their argmax (the lowest class wins a tie); map [H, W] = -sum_c p_c log2 p_c in bits. Fused: upsampled
// logits exist in registers only. Classes are counted in blocks of 64.
// One invocation = one pixel of the map.
override WORKGROUP: u32;

struct Params { passes: u32, in_height: u32, in_width: u32, classes: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> map: array<f32>;

const BLOCK = 64u;

struct Tap { low: u32, high: u32, weight: f32 }

// Input samples around output sample i, which lies at i * (input - 1) / (output - 1): exact in integers.
fn tap(i: u32, input: u32, output: u32) -> Tap {
  if (output == 1u) { return Tap(0u, 0u, 0.0); }
  let position = i * (input - 1u);
  let low = position / (output - 1u);
  return Tap(low, min(low + 1u, input - 1u), f32(position % (output - 1u)) / f32(output - 1u));
}

// Offsets of the four corners in one pass, and how far the pixel lies between them.
struct Corners { at: vec4u, x: f32, y: f32 }

fn sample_logit(start: u32, corners: Corners, c: u32) -> f32 {
  let i = corners.at + start + c;
  let top = mix(logits[i.x], logits[i.y], corners.x);
  let bottom = mix(logits[i.z], logits[i.w], corners.x);
  return mix(top, bottom, corners.y);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.height * params.width) { return; }
  let C = params.classes;
  let y = tap(t / params.width, params.in_height, params.height);
  let x = tap(t % params.width, params.in_width, params.width);
  let corners = Corners(
    (vec4u(y.low, y.low, y.high, y.high) * params.in_width + vec4u(x.low, x.high, x.low, x.high)) * C,
    x.weight,
    y.weight,
  );
  let pass_size = params.in_height * params.in_width * C;

  var entropy = 0.0;
  for (var block = 0u; block < C; block += BLOCK) {
    let end = min(block + BLOCK, C);
    var votes = array<f32, BLOCK>();
    for (var m = 0u; m < params.passes; m++) {
      var best = 0u;
      var highest = sample_logit(m * pass_size, corners, 0u);
      for (var c = 1u; c < C; c++) {
        let logit = sample_logit(m * pass_size, corners, c);
        if (logit > highest) {
          highest = logit;
          best = c;
        }
      }
      if (best >= block && best < end) { votes[best - block] += 1.0; }
    }
    for (var c = block; c < end; c++) {
      let p = votes[c - block] / f32(params.passes);
      if (p > 0.0) { entropy -= p * log2(p); }
    }
  }
  map[t] = entropy;
}
