// The stochastic step of a Monte-Carlo pass: y[n] = dropout(relu(x + shared)), where x and shared hold one item for every pass or
// one for all. Element e of item n is kept iff hash32(key ^ e) >= threshold, key = hash of (seed, layer, firstPass + n), and
// scaled; with channelwise masks e is the channel. `prefix` is the hash of (seed, layer). Sizes in vectors of four channels.
// y [passes, itemSize]; Input and Output as in gpu/precision.ts. One invocation = one vector.
override WORKGROUP: u32;

struct Params {
  size: u32, itemSize: u32, channels: u32, xSize: u32, sharedSize: u32, channelwise: u32,
  prefix: u32, firstPass: u32, threshold: u32, scale: f32, floor: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Input>;
@group(0) @binding(2) var<storage, read> shared_map: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<Output>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  var value = loadInput(x[i % params.xSize]);
  if (params.sharedSize > 0u) { value += shared_map[i % params.sharedSize]; }
  value = max(value, vec4f(params.floor));
  let key = hash32(params.prefix ^ (params.firstPass + i / params.itemSize));
  let element = 4u * (i % select(params.itemSize, params.channels, params.channelwise == 1u));
  let hash = hash32x4(vec4u(key) ^ (vec4u(element) + vec4u(0u, 1u, 2u, 3u)));
  y[i] = storeOutput(select(vec4f(0.0), value * params.scale, hash >= vec4u(params.threshold)));
}
