// Along the columns: the rows' sums under the taps of every window, [windows, C], and behind them the means of the softmaxes over
// all pixels. One invocation = one window and class.
override WORKGROUP: u32;

struct Params { classes: u32, height: u32, width: u32, taps: u32, columns: u32, windows: u32, spacing: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= (params.windows + 1u) * params.classes) { return; }
  let c = t % params.classes;
  let i = t / params.classes;
  let line = (params.columns + 1u) * params.classes;
  var sum = 0.0;
  if (i == params.windows) {
    for (var y = 0u; y < params.height; y++) { sum += rows[y * line + params.columns * params.classes + c] / f32(params.width); }
    result[t] = sum / f32(params.height);
    return;
  }
  let first = min(i / params.columns * params.spacing, params.height - params.taps) * line + i % params.columns * params.classes + c;
  for (var k = 0u; k < params.taps; k++) { sum += a[k] * rows[first + k * line]; }
  result[t] = sum;
}
