// Gradient of a depthwise convolution by its input:
// dx[n, y, x, c] = sum over ky, kx of dy[n, oy, ox, c] * filter[ky, kx, c] with oy * stride - padding + ky * dilation = y.
// dy [N, H', W', C], filter [kh, kw, C], dx [N, H, W, C]. One invocation = one element of dx.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;
override STRIDE: i32;
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;

struct Params {
  size: u32, height: u32, width: u32, channels: u32, outHeight: u32, outWidth: u32,
  padding: u32, dilation: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<Value>;
@group(0) @binding(2) var<storage, read> filter_taps: array<Value>;
@group(0) @binding(3) var<storage, read_write> dx: array<Value>;

// The output position that tap k reaches `position` from, or -1.
fn source(position: u32, k: u32, extent: u32) -> i32 {
  let reach = i32(position + params.padding) - i32(k * params.dilation);
  if (reach < 0 || reach % STRIDE != 0 || reach / STRIDE >= i32(extent)) { return -1; }
  return reach / STRIDE;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.size) { return; }
  let c = t % params.channels;
  let pixel = t / params.channels;
  let x = pixel % params.width;
  let y = (pixel / params.width) % params.height;
  let n = pixel / (params.width * params.height);
  var sum = Value();
  for (var ky = 0u; ky < KERNEL_HEIGHT; ky++) {
    let oy = source(y, ky, params.outHeight);
    if (oy < 0) { continue; }
    let row = (n * params.outHeight + u32(oy)) * params.outWidth;
    for (var kx = 0u; kx < KERNEL_WIDTH; kx++) {
      let ox = source(x, kx, params.outWidth);
      if (ox < 0) { continue; }
      let tap = ky * KERNEL_WIDTH + kx;
      sum += dy[(row + u32(ox)) * params.channels + c] * filter_taps[tap * params.channels + c];
    }
  }
  dx[t] = sum;
}
