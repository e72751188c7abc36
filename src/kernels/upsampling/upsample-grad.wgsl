// Gradient of a bilinear resize with aligned corners: dx[n, r, q, c] = sum of dy[n, y, x, c] * hat(y, r) * hat(x, q),
// where output y lies at y * (h - 1) / (H - 1) of the input and hat falls from 1 at r to 0 at r - 1 and r + 1.
// All positions are kept as integers, in units of 1 / (H - 1). dy [N, H, W, C], dx [N, h, w, C].
// One invocation = one element of dx.
override WORKGROUP: u32;

struct Params { size: u32, inHeight: u32, inWidth: u32, height: u32, width: u32, channels: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

// First and last output sample that input sample r takes part in; the last is below the first where there is none.
fn reach(r: u32, input: u32, output: u32) -> vec2i {
  if (output == 1u) { return vec2i(0, select(-1, 0, r == 0u)); }
  if (input == 1u) { return vec2i(0, i32(output) - 1); }
  let spacing = input - 1u;
  let before = select(0u, ((r - 1u) * (output - 1u)) / spacing + 1u, r > 0u);
  let beyond = ((r + 1u) * (output - 1u) + spacing - 1u) / spacing;
  return vec2i(i32(before), i32(min(beyond, output)) - 1);
}

fn hat(i: u32, r: u32, input: u32, output: u32) -> f32 {
  if (output == 1u) { return 1.0; }
  let distance = abs(i32(i * (input - 1u)) - i32(r * (output - 1u)));
  return f32(i32(output) - 1 - distance) / f32(output - 1u);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.size) { return; }
  let C = params.channels;
  let c = t % C;
  let pixel = t / C;
  let q = pixel % params.inWidth;
  let r = (pixel / params.inWidth) % params.inHeight;
  let n = pixel / (params.inWidth * params.inHeight);
  let ys = reach(r, params.inHeight, params.height);
  let xs = reach(q, params.inWidth, params.width);
  var sum = 0.0;
  for (var y = ys.x; y <= ys.y; y++) {
    let row = (n * params.height + u32(y)) * params.width;
    var line = 0.0;
    for (var x = xs.x; x <= xs.y; x++) {
      line += dy[(row + u32(x)) * C + c] * hat(u32(x), q, params.inWidth, params.width);
    }
    sum += line * hat(u32(y), r, params.inHeight, params.height);
  }
  dx[t] = sum;
}
