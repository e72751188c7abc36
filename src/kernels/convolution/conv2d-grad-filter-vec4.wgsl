// As conv2d-grad-filter.wgsl, for numbers of inputs and outputs that are multiples of 4: maps are read four channels at a
// time. Gradient of a dense convolution by its filter, first pass, as an implicit matrix product without shared memory:
// partials[s, ky, kx, i, o] = sum of x[n, oy * stride - padding + ky * dilation, ...ox..., i] * dy[n, oy, ox, o]
// over the output rows (n, oy) numbered s, s + S, s + 2S, ... and all ox. x [N, H, W, I], dy [N, H', W', O].
// One invocation = 4 inputs x 4 outputs of one tap and one s, in registers.
override WORKGROUP: u32;

struct Params {
  splits: u32, rows: u32, height: u32, width: u32, inputs: u32, outHeight: u32, outWidth: u32, outputs: u32,
  taps: u32, kernelWidth: u32, stride: u32, padding: u32, dilation: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partials: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  // In vectors of four channels.
  let I = params.inputs / 4u;
  let O = params.outputs / 4u;
  let o = t % O;
  let i = (t / O) % I;
  let tap = (t / (O * I)) % params.taps;
  let split = t / (O * I * params.taps);
  if (split >= params.splits) { return; }

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
    var a = ((n * params.height + u32(y)) * params.width + u32(first * stride + offset_x)) * I + i;
    var b = (row * params.outWidth + u32(first)) * O + o;
    for (var ox = first; ox <= last; ox++) {
      let v = x[a];
      let g = dy[b];
      sum0 += v.x * g;
      sum1 += v.y * g;
      sum2 += v.z * g;
      sum3 += v.w * g;
      a += step;
      b += O;
    }
  }
  let at = ((split * params.taps + tap) * I + i) * 4u * O + o;
  partials[at] = sum0;
  partials[at + O] = sum1;
  partials[at + 2u * O] = sum2;
  partials[at + 3u * O] = sum3;
}
