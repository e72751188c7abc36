// One of the two 1-D filters of the regional Gaussian attention (paper Eq. 5): out[i] = sum over k of
// a[k] * map[i - floor(w/2) + k] along one axis, zero outside. The axis has `length` samples, `spacing` elements apart.
// map, filtered [H, W], a [w]. One invocation = OUTPUTS neighbours along the axis: every sample is loaded once for all of them,
// and the taps that it meets move on by one from sample to sample.
override WORKGROUP: u32;

const OUTPUTS = 8u;

struct Params { threads: u32, length: u32, spacing: u32, window: u32, chunks: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> map: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read_write> filtered: array<f32>;

fn tap(k: i32) -> f32 {
  let window = i32(params.window);
  return select(0.0, a[clamp(k, 0, window - 1)], k >= 0 && k < window);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.threads) { return; }
  let line = t / params.spacing / params.chunks * params.length * params.spacing + t % params.spacing;
  let start = OUTPUTS * (t / params.spacing % params.chunks);
  // Where the first output's tap 0 lies on the axis.
  let origin = i32(start) - i32(params.window / 2u);
  let first = max(origin, 0);
  let end = min(i32(params.length), origin + i32(params.window + OUTPUTS - 1u));
  var k = first - origin;
  var near = vec4f(tap(k - 1), tap(k - 2), tap(k - 3), tap(k - 4));
  var far = vec4f(tap(k - 5), tap(k - 6), tap(k - 7), 0.0);
  var nearSums = vec4f();
  var farSums = vec4f();
  var i = line + u32(first) * params.spacing;
  for (var position = first; position < end; position++) {
    far = vec4f(near.w, far.xyz);
    near = vec4f(tap(k), near.xyz);
    nearSums += map[i] * near;
    farSums += map[i] * far;
    k++;
    i += params.spacing;
  }
  let sums = array(nearSums, farSums);
  for (var j = 0u; j < min(OUTPUTS, params.length - start); j++) {
    filtered[line + (start + j) * params.spacing] = sums[j / 4u][j % 4u];
  }
}
