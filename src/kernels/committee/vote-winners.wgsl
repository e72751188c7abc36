// The class with the largest of the C logits of every pixel, the lowest of equals: logits [P, C] in vectors of four classes,
// winners [P]. One invocation = one pixel.
override WORKGROUP: u32;

struct Params { pixels: u32, vectors: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> winners: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.pixels) { return; }
  let first = t * params.vectors;
  var lanes = vec4u(0u, 1u, 2u, 3u);
  var best = logits[first];
  var index = lanes;
  for (var q = 1u; q < params.vectors; q++) {
    lanes += 4u;
    let value = logits[first + q];
    index = select(index, lanes, value > best);
    best = max(best, value);
  }
  let highest = max(max(best.x, best.y), max(best.z, best.w));
  let leading = select(vec4u(0xffffu), index, best == vec4f(highest));
  winners[t] = min(min(leading.x, leading.y), min(leading.z, leading.w));
}
