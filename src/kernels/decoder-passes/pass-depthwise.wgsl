// y = clamp(depthwise filter * x + bias), 3x3, stride 1, zeros around the map: x and y [N, H, W, C], filter [3, 3, C], bias [C],
// in vectors of four channels; Input and Output as in gpu/precision.ts. One invocation = one vector.
override WORKGROUP: u32;

struct Params { size: u32, height: u32, width: u32, channels: u32, lowest: f32, highest: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Input>;
@group(0) @binding(2) var<storage, read> filter_taps: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<Output>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.size) { return; }
  let C = params.channels;
  let c = t % C;
  let column = (t / C) % params.width;
  let line = (t / C / params.width) % params.height;
  let stride = params.width * C;
  var sum = bias[c];
  for (var ky = 0u; ky < 3u; ky++) {
    // Out of the map by wrapping, too.
    if (line + ky - 1u >= params.height) { continue; }
    for (var kx = 0u; kx < 3u; kx++) {
      if (column + kx - 1u >= params.width) { continue; }
      sum += loadInput(x[t + ky * stride - stride + kx * C - C]) * filter_taps[(3u * ky + kx) * C + c];
    }
  }
  y[t] = storeOutput(clamp(sum, vec4f(params.lowest), vec4f(params.highest)));
}
