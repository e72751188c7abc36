// Gradient of a dense convolution by its filter, first pass, as an implicit matrix product without shared memory:
// partials[s, ky, kx, i, o] = sum of x[n, oy * stride - padding + ky * dilation, ...ox..., i] * dy[n, oy, ox, o]
// over the output rows (n, oy) numbered s, s + S, s + 2S, ... and all ox. x [N, H, W, I], dy [N, H', W', O].
// One invocation = 4 inputs x 4 outputs of one tap and one s, in registers.
override WORKGROUP: u32;

struct Params {
  splits: u32, rows: u32, height: u32, width: u32, inputs: u32, outHeight: u32, outWidth: u32, outputs: u32,
  taps: u32, kernelWidth: u32, stride: u32, padding: u32, dilation: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let I = params.inputs;
  let O = params.outputs;
  let tiles_o = (O + 3u) / 4u;
  let tiles_i = (I + 3u) / 4u;
  let o0 = (t % tiles_o) * 4u;
  let i0 = ((t / tiles_o) % tiles_i) * 4u;
  let tap = (t / (tiles_o * tiles_i)) % params.taps;
  let split = t / (tiles_o * tiles_i * params.taps);
  if (split >= params.splits) { return; }
  // Past the last channel the last one is read again; what it gives is not written.
  let is = min(vec4u(1u, 2u, 3u, 4u), vec4u(I - i0)) - 1u;
  let os = min(vec4u(1u, 2u, 3u, 4u), vec4u(O - o0)) - 1u;

  let stride = i32(params.stride);
  // Input position = output position * stride + offset; ox runs where that lies inside.
  let offset_y = i32((tap / params.kernelWidth) * params.dilation) - i32(params.padding);
  let offset_x = i32((tap % params.kernelWidth) * params.dilation) - i32(params.padding);
  let first = max(0, (stride - 1 - offset_x) / stride);
  let reach = i32(params.width) - 1 - offset_x;
  let last = select(-1, min(i32(params.outWidth) - 1, reach / stride), reach >= 0);
  let step = params.stride * I;
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  for (var row = split; row < params.rows; row += params.splits) {
    let y = i32(row % params.outHeight) * stride + offset_y;
    if (y < 0 || y >= i32(params.height) || last < first) { continue; }
    let n = row / params.outHeight;
    var a = ((n * params.height + u32(y)) * params.width + u32(first * stride + offset_x)) * I + i0;
    var b = (row * params.outWidth + u32(first)) * O + o0;
    for (var ox = first; ox <= last; ox++) {
      let g = vec4f(dy[b], dy[b + os.y], dy[b + os.z], dy[b + os.w]);
      sum0 += x[a] * g;
      sum1 += x[a + is.y] * g;
      sum2 += x[a + is.z] * g;
      sum3 += x[a + is.w] * g;
      a += step;
      b += O;
    }
  }
  let sums = mat4x4f(sum0, sum1, sum2, sum3);
  let at = ((split * params.taps + tap) * I + i0) * O + o0;
  for (var i = 0u; i < min(4u, I - i0); i++) {
    for (var o = 0u; o < min(4u, O - o0); o++) { partials[at + i * O + o] = sums[i][o]; }
  }
}
