// partials[s] = sum of the squares of x[s], x[s + S], x[s + 2S], ..., x [size] as vectors of 4. With RATED, blocks of 64 numbers
// whose rate is negative do not count; rates [size / 16]. One invocation = one s.
override WORKGROUP: u32;
override RATED: bool;

struct Params { size: u32, splits: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> rates: array<f32>;
@group(0) @binding(3) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let split = id.x + id.y * grid.x * WORKGROUP;
  if (split >= params.splits) { return; }
  var sum = vec4f();
  for (var i = split; i < params.size; i += params.splits) {
    if (RATED) {
      if (rates[i / 16u] < 0.0) { continue; }
    }
    sum += x[i] * x[i];
  }
  partials[split] = dot(sum, vec4f(1.0));
}
