// Entropy of the committee's votes (paper Eq. 4): the logits [m, h, w, C] of m passes, upsampled (bilinear, corners
// aligned), vote for their argmax (the lowest class wins a tie); map [H, W] = -sum_c p_c log2 p_c in bits. Fused: upsampled
// logits exist in registers only. Classes are counted in blocks of 64.
// Goes with sampled-logit.wgsl. One invocation = one pixel of the map.
override WORKGROUP: u32;

struct Params { passes: u32, inHeight: u32, inWidth: u32, classes: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> map: array<f32>;

const BLOCK = 64u;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.height * params.width) { return; }
  let C = params.classes;
  let corners = corners_of(t);
  let pass_size = params.inHeight * params.inWidth * C;

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
