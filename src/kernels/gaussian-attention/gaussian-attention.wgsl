// One of the two 1-D filters of the regional Gaussian attention (paper Eq. 5): out[i] = sum over k of
// a[k] * map[i - floor(w/2) + k] along one axis, zero outside. The axis has `length` samples, `spacing` elements apart.
// map, filtered [H, W], a [w]. One invocation = one element.
override WORKGROUP: u32;

struct Params { size: u32, length: u32, spacing: u32, window: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> map: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read_write> filtered: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.size) { return; }
  let position = (t / params.spacing) % params.length;
  let half = params.window / 2u;
  let first = half - min(half, position);
  let end = min(params.window, params.length - position + half);
  var i = t - (half - first) * params.spacing;
  var sum = 0.0;
  for (var k = first; k < end; k++) {
    sum += a[k] * map[i];
    i += params.spacing;
  }
  filtered[t] = sum;
}
