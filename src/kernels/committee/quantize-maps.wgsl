// Two non-negative maps [size] as bytes, 255 = the map's maximum, whose bits lie in result[1] and result[2]: four bytes a word
// from result[start] on, each map in `words` words. One invocation = one word.
override WORKGROUP: u32;

struct Params { size: u32, words: u32, start: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> first: array<f32>;
@group(0) @binding(2) var<storage, read> second: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

fn byte(value: f32, scale: f32) -> u32 {
  let is_number = (bitcast<u32>(value) & 0x7fffffffu) <= 0x7f800000u;
  return select(0u, u32(clamp(value * scale + 0.5, 0.0, 255.0)), is_number);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= 2u * params.words) { return; }
  let is_first = t < params.words;
  let maximum = bitcast<f32>(result[select(2u, 1u, is_first)]);
  let scale = select(0.0, 255.0 / maximum, maximum > 0.0);
  let from_pixel = 4u * (t % params.words);
  var word = 0u;
  for (var k = 0u; k < 4u; k++) {
    let i = from_pixel + k;
    if (i >= params.size) { break; }
    var value = 0.0;
    if (is_first) { value = first[i]; } else { value = second[i]; }
    word |= byte(value, scale) << (8u * k);
  }
  result[params.start + t] = word;
}
