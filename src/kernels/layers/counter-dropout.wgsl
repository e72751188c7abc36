// Dropout by a counter-based hash: element e of item n is kept iff hash32(key ^ e) >= threshold, with
// key = hash of (seed, layer, firstPass + n), and scaled by 1 / (1 - rate). `prefix` is the hash of (seed, layer).
// x, y [N, itemSize]; with channelwise masks e is the channel. One invocation = one element.
override WORKGROUP: u32;

struct Params {
  size: u32, itemSize: u32, channels: u32, channelwise: u32,
  prefix: u32, firstPass: u32, threshold: u32, scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  let key = hash32(params.prefix ^ (params.firstPass + i / params.itemSize));
  let element = select(i % params.itemSize, i % params.channels, params.channelwise == 1u);
  y[i] = select(0.0, x[i] * params.scale, hash32(key ^ element) >= params.threshold);
}
