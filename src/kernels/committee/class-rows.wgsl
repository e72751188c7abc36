// Along the rows of [H, W]: sums of a[k] * uncertainty * softmax for every window and class, and behind the windows the sum of the
// softmaxes over the row: rows [H, columns + 1, C]. One invocation = one of these numbers. Goes with sampled-logit.wgsl.
override WORKGROUP: u32;

struct Params { inHeight: u32, inWidth: u32, classes: u32, height: u32, width: u32, taps: u32, columns: u32, spacing: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> shifts: array<f32>;
@group(0) @binding(3) var<storage, read> uncertainty: array<f32>;
@group(0) @binding(4) var<storage, read> a: array<f32>;
@group(0) @binding(5) var<storage, read_write> rows: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let across = params.columns + 1u;
  if (t >= params.height * across * params.classes) { return; }
  let c = t % params.classes;
  let g = t / params.classes % across;
  let line = t / params.classes / across * params.width;
  var sum = 0.0;
  if (g == params.columns) {
    for (var x = 0u; x < params.width; x++) {
      sum += exp(sample_logit(0u, corners_of(line + x), c) - shifts[line + x]);
    }
  } else {
    let first = line + min(g * params.spacing, params.width - params.taps);
    for (var k = 0u; k < params.taps; k++) {
      let pixel = first + k;
      sum += a[k] * uncertainty[pixel] * exp(sample_logit(0u, corners_of(pixel), c) - shifts[pixel]);
    }
  }
  rows[t] = sum;
}
