// Ranking loss of the pairs (i, 2B - 1 - i), i < B: sum of weight_i * max(0, 1 - s (r_i - r_j)), s = +1 where loss_i > loss_j else -1,
// and its slope by the ratings. ratings, losses, slope [2B], pair_weights [B], loss [1]. One invocation does it all.
override WORKGROUP: u32;

struct Params { pairs: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ratings: array<f32>;
@group(0) @binding(2) var<storage, read> losses: array<f32>;
@group(0) @binding(3) var<storage, read> pair_weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;
@group(0) @binding(5) var<storage, read_write> slope: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  if (id.x + id.y * grid.x * WORKGROUP > 0u) { return; }
  var sum = 0.0;
  for (var i = 0u; i < params.pairs; i++) {
    let j = 2u * params.pairs - 1u - i;
    let s = select(-1.0, 1.0, losses[i] > losses[j]);
    let hinge = max(0.0, 1.0 - s * (ratings[i] - ratings[j]));
    let change = select(0.0, s * pair_weights[i], hinge > 0.0);
    sum += pair_weights[i] * hinge;
    slope[i] = -change;
    slope[j] = change;
  }
  loss[0] = sum;
}
