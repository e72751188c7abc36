// Gradient of a depthwise convolution by its filter, first pass:
// partials[s, ky, kx, c] = sum of x[n, oy * stride - padding + ky * dilation, ...ox..., c] * dy[n, oy, ox, c]
// over the output rows (n, oy) numbered s, s + S, s + 2S, ... and all ox. x [N, H, W, C], dy [N, H', W', C].
// One invocation = one element of partials [S, kh, kw, C].
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;

struct Params {
  splits: u32, rows: u32, height: u32, width: u32, channels: u32, outHeight: u32, outWidth: u32,
  taps: u32, kernelWidth: u32, stride: u32, padding: u32, dilation: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> dy: array<Value>;
@group(0) @binding(3) var<storage, read_write> partials: array<Value>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let C = params.channels;
  if (t >= params.splits * params.taps * C) { return; }
  let c = t % C;
  let tap = (t / C) % params.taps;
  let split = t / (C * params.taps);
  let stride = i32(params.stride);
  // Input position = output position * stride + offset; ox runs where that lies inside.
  let offset_y = i32((tap / params.kernelWidth) * params.dilation) - i32(params.padding);
  let offset_x = i32((tap % params.kernelWidth) * params.dilation) - i32(params.padding);
  let first = max(0, (stride - 1 - offset_x) / stride);
  let reach = i32(params.width) - 1 - offset_x;
  let last = select(-1, min(i32(params.outWidth) - 1, reach / stride), reach >= 0);
  let step = params.stride * C;
  var sum = Value();
  for (var row = split; row < params.rows; row += params.splits) {
    let y = i32(row % params.outHeight) * stride + offset_y;
    if (y < 0 || y >= i32(params.height) || last < first) { continue; }
    let n = row / params.outHeight;
    var i = ((n * params.height + u32(y)) * params.width + u32(first * stride + offset_x)) * C + c;
    var o = (row * params.outWidth + u32(first)) * C + c;
    for (var ox = first; ox <= last; ox++) {
      sum += x[i] * dy[o];
      i += step;
      o += C;
    }
  }
  partials[t] = sum;
}
