// partials[s] = sum of the squares of x[s], x[s + S], x[s + 2S], ..., x [size] as vectors of 4. One invocation = one s.
override WORKGROUP: u32;

struct Params { size: u32, splits: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let split = id.x + id.y * grid.x * WORKGROUP;
  if (split >= params.splits) { return; }
  var sum = vec4f();
  for (var i = split; i < params.size; i += params.splits) { sum += x[i] * x[i]; }
  partials[split] = dot(sum, vec4f(1.0));
}
