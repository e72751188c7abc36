// Entropy of hard votes (paper Eq. 4): each of the m passes, upsampled (bilinear, corners aligned), votes for its argmax (the
// lowest class wins a tie); map [H, W] = -sum_c p_c log2 p_c in bits. logits [m, h, w, C] in vectors of four classes, C <= 64;
// winners [m, h, w] their argmax, m <= 255. Between four pixels with the same winner that class wins everywhere, blended or
// not; only elsewhere logits are read. One invocation = one pixel of the map.
override WORKGROUP: u32;

struct Params { passes: u32, inHeight: u32, inWidth: u32, vectors: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> winners: array<u32>;
@group(0) @binding(3) var<storage, read_write> map: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.height * params.width) { return; }
  let y = tap(t / params.width, params.inHeight, params.height);
  let x = tap(t % params.width, params.inWidth, params.width);
  var corners = vec4u(y.low, y.low, y.high, y.high) * params.inWidth + vec4u(x.low, x.high, x.low, x.high);
  let Q = params.vectors;

  // Votes of four classes in the bytes of a word.
  var votes = array<u32, 16>();
  for (var m = 0u; m < params.passes; m++) {
    var winner = winners[corners.x];
    if (winner != winners[corners.y] || winner != winners[corners.z] || winner != winners[corners.w]) {
      var best = vec4f(0.0);
      var index = vec4u(0u);
      var lanes = vec4u(0u, 1u, 2u, 3u);
      var i = corners * Q;
      for (var q = 0u; q < Q; q++) {
        let upper = mix(logits[i.x], logits[i.y], x.weight);
        let lower = mix(logits[i.z], logits[i.w], x.weight);
        let value = mix(upper, lower, y.weight);
        let is_better = (value > best) | vec4<bool>(q == 0u);
        index = select(index, lanes, is_better);
        best = select(best, value, is_better);
        lanes += 4u;
        i += 1u;
      }
      let highest = max(max(best.x, best.y), max(best.z, best.w));
      let leading = select(vec4u(0xffffu), index, best == vec4f(highest));
      winner = min(min(leading.x, leading.y), min(leading.z, leading.w));
    }
    votes[winner / 4u] += 1u << (8u * (winner % 4u));
    corners += params.inHeight * params.inWidth;
  }

  var entropy = 0.0;
  for (var q = 0u; q < Q; q++) {
    let word = votes[q];
    if (word == 0u) { continue; }
    let counts = vec4f((vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u));
    let p = counts / f32(params.passes);
    let terms = select(vec4f(0.0), p * log2(max(p, vec4f(1e-9))), counts > vec4f(0.0));
    entropy -= terms.x + terms.y + terms.z + terms.w;
  }
  map[t] = max(entropy, 0.0);
}
