// y[n] = dropout(relu(shared + sum over the 3x3 taps k of taps[n, .., k, ..] upsampled to [H, W] and shifted by k)), bilinear,
// corners aligned, zero outside: taps [N, h, w, 9, C], shared [N or 1, H, W, C], y [N, H, W, C], in vectors of four channels.
// Masks as in pass-dropout.wgsl, Output as in gpu/precision.ts. One invocation = one vector.
override WORKGROUP: u32;

struct Params {
  items: u32, inHeight: u32, inWidth: u32, height: u32, width: u32, channels: u32, sharedSize: u32,
  prefix: u32, firstPass: u32, threshold: u32, scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> taps: array<vec4f>;
@group(0) @binding(2) var<storage, read> shared_map: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<Output>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let C = params.channels;
  let item_size = params.height * params.width * C;
  if (t >= params.items * item_size) { return; }
  let n = t / item_size;
  let element = t % item_size;
  let c = element % C;
  let x = (element / C) % params.width;
  let row = element / C / params.width;

  var sum = shared_map[t % params.sharedSize];
  for (var ky = 0u; ky < 3u; ky++) {
    // Out of the image by wrapping, too.
    let tap_row = row + ky - 1u;
    if (tap_row >= params.height) { continue; }
    let v = tap(tap_row, params.inHeight, params.height);
    let top = (n * params.inHeight + v.low) * params.inWidth;
    let bottom = (n * params.inHeight + v.high) * params.inWidth;
    for (var kx = 0u; kx < 3u; kx++) {
      let tap_x = x + kx - 1u;
      if (tap_x >= params.width) { continue; }
      let u = tap(tap_x, params.inWidth, params.width);
      let k = (3u * ky + kx) * C + c;
      let upper = mix(taps[(top + u.low) * 9u * C + k], taps[(top + u.high) * 9u * C + k], u.weight);
      let lower = mix(taps[(bottom + u.low) * 9u * C + k], taps[(bottom + u.high) * 9u * C + k], u.weight);
      sum += mix(upper, lower, v.weight);
    }
  }
  let key = hash32(params.prefix ^ (params.firstPass + n));
  let hash = hash32x4(vec4u(key) ^ (vec4u(4u * element) + vec4u(0u, 1u, 2u, 3u)));
  y[t] = storeOutput(select(vec4f(0.0), max(sum, vec4f(0.0)) * params.scale, hash >= vec4u(params.threshold)));
}
