// Entropy, margin and disagreement of the softmaxes of m passes: the logits [m, h, w, C] are upsampled (bilinear, corners
// aligned) in registers.
// Of their mean p: entropy = -sum_c p_c log2 p_c, margin = p_1 - p_2; disagreement = entropy - mean over the passes of theirs.
// Maps [H, W]. Classes are summed in blocks of 64. Goes with sampled-logit.wgsl. One invocation = one pixel.
override WORKGROUP: u32;

struct Params { passes: u32, inHeight: u32, inWidth: u32, classes: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> entropies: array<f32>;
@group(0) @binding(3) var<storage, read_write> margins: array<f32>;
@group(0) @binding(4) var<storage, read_write> disagreements: array<f32>;

const BLOCK = 64u;
const BITS_PER_NAT = 1.4426950408889634;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.height * params.width) { return; }
  let C = params.classes;
  let corners = corners_of(t);
  let pass_size = params.inHeight * params.inWidth * C;

  var entropy = 0.0;
  var own_entropy = 0.0;
  var first = 0.0;
  var second = 0.0;
  for (var block = 0u; block < C; block += BLOCK) {
    let end = min(block + BLOCK, C);
    var votes = array<f32, BLOCK>();
    for (var m = 0u; m < params.passes; m++) {
      // total = sum of e^d and weighted = sum of d e^d, d = logit - the highest so far.
      var highest = sample_logit(m * pass_size, corners, 0u);
      var total = 1.0;
      var weighted = 0.0;
      for (var c = 1u; c < C; c++) {
        let logit = sample_logit(m * pass_size, corners, c);
        let d = logit - highest;
        if (d > 0.0) {
          let shrink = exp(-d);
          weighted = shrink * (weighted - d * total);
          total = shrink * total + 1.0;
          highest = logit;
        } else {
          weighted += d * exp(d);
          total += exp(d);
        }
      }
      if (block == 0u) { own_entropy += (log(total) - weighted / total) * BITS_PER_NAT; }
      for (var c = block; c < end; c++) {
        votes[c - block] += exp(sample_logit(m * pass_size, corners, c) - highest) / total;
      }
    }
    for (var c = block; c < end; c++) {
      let p = votes[c - block] / f32(params.passes);
      if (p > 0.0) { entropy -= p * log2(p); }
      second = max(second, min(first, p));
      first = max(first, p);
    }
  }
  entropies[t] = entropy;
  margins[t] = first - second;
  disagreements[t] = max(0.0, entropy - own_entropy / f32(params.passes));
}
