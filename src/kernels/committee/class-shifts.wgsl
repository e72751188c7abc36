// Logarithm of the sum of exp over the classes of logits [1, h, w, C] upsampled (bilinear, corners aligned) to [H, W]: the softmax
// is exp(logit - shift). One invocation = one pixel. Goes with sampled-logit.wgsl.
override WORKGROUP: u32;

struct Params { inHeight: u32, inWidth: u32, classes: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> shifts: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.height * params.width) { return; }
  let corners = corners_of(t);
  var highest = sample_logit(0u, corners, 0u);
  for (var c = 1u; c < params.classes; c++) { highest = max(highest, sample_logit(0u, corners, c)); }
  var total = 0.0;
  for (var c = 0u; c < params.classes; c++) { total += exp(sample_logit(0u, corners, c) - highest); }
  shifts[t] = highest + log(total);
}
