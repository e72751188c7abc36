// Largest values of two non-negative maps [size], each in `partials` interleaved shares: partial_maxima [2, partials]. What is no number does not count.
// One invocation = one share of one map.
override WORKGROUP: u32;

struct Params { size: u32, partials: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> first: array<f32>;
@group(0) @binding(2) var<storage, read> second: array<f32>;
@group(0) @binding(3) var<storage, read_write> partial_maxima: array<f32>;

fn number(value: f32) -> f32 {
  return select(0.0, value, (bitcast<u32>(value) & 0x7fffffffu) <= 0x7f800000u);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= 2u * params.partials) { return; }
  var maximum = 0.0;
  for (var i = t % params.partials; i < params.size; i += params.partials) {
    if (t < params.partials) { maximum = max(maximum, number(first[i])); } else { maximum = max(maximum, number(second[i])); }
  }
  partial_maxima[t] = maximum;
}
