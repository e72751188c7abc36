// y[n] = relu(bias + depthwise 3x3 of z[n] upsampled to [H, W]), bilinear, corners aligned, zero padding: z [N, h, w, C], filter
// [3, 3, C], bias [C], y [N, H, W, C], in vectors of four channels. An output pixel depends on 3 x 3 pixels of z at most; their
// weights, filter included, are the same for all items. Output as in gpu/precision.ts. One invocation = one vector of every item.
override WORKGROUP: u32;

struct Params { items: u32, inHeight: u32, inWidth: u32, height: u32, width: u32, channels: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<vec4f>;
@group(0) @binding(2) var<storage, read> filters: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<Output>;

// The lower of the input samples around output sample i, which lies at i * (input - 1) / (output - 1).
fn low_of(i: u32, input: u32, output: u32) -> u32 {
  return i * (input - 1u) / max(output - 1u, 1u);
}

// Weights of the input samples first, first + 1 and first + 2 in output sample i - 1; 0 where that lies outside.
fn weights_of(i: u32, input: u32, output: u32, first: u32) -> vec3f {
  if (i == 0u || i > output) { return vec3f(0.0); }
  let position = (i - 1u) * (input - 1u);
  let steps = max(output - 1u, 1u);
  let high = f32(position % steps) / f32(steps);
  if (position / steps == first) { return vec3f(1.0 - high, high, 0.0); }
  return vec3f(0.0, 1.0 - high, high);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let C = params.channels;
  let out_size = params.height * params.width * C;
  if (t >= out_size) { return; }
  let c = t % C;
  let x = (t / C) % params.width;
  let row = t / C / params.width;

  let r0 = low_of(max(row, 1u) - 1u, params.inHeight, params.height);
  let c0 = low_of(max(x, 1u) - 1u, params.inWidth, params.width);
  let above = weights_of(row, params.inHeight, params.height, r0);
  let here = weights_of(row + 1u, params.inHeight, params.height, r0);
  let below = weights_of(row + 2u, params.inHeight, params.height, r0);
  let left = weights_of(x, params.inWidth, params.width, c0);
  let middle = weights_of(x + 1u, params.inWidth, params.width, c0);
  let right = weights_of(x + 2u, params.inWidth, params.width, c0);

  // Columns of the filter, blended along the rows: a[j] belongs to row r0 + j of z.
  let f0 = filters[c]; let f1 = filters[C + c]; let f2 = filters[2u * C + c];
  let f3 = filters[3u * C + c]; let f4 = filters[4u * C + c]; let f5 = filters[5u * C + c];
  let f6 = filters[6u * C + c]; let f7 = filters[7u * C + c]; let f8 = filters[8u * C + c];
  let l0 = f0 * above.x + f3 * here.x + f6 * below.x;
  let l1 = f0 * above.y + f3 * here.y + f6 * below.y;
  let l2 = f0 * above.z + f3 * here.z + f6 * below.z;
  let m0 = f1 * above.x + f4 * here.x + f7 * below.x;
  let m1 = f1 * above.y + f4 * here.y + f7 * below.y;
  let m2 = f1 * above.z + f4 * here.z + f7 * below.z;
  let n0 = f2 * above.x + f5 * here.x + f8 * below.x;
  let n1 = f2 * above.y + f5 * here.y + f8 * below.y;
  let n2 = f2 * above.z + f5 * here.z + f8 * below.z;
  let g00 = l0 * left.x + m0 * middle.x + n0 * right.x;
  let g01 = l0 * left.y + m0 * middle.y + n0 * right.y;
  let g02 = l0 * left.z + m0 * middle.z + n0 * right.z;
  let g10 = l1 * left.x + m1 * middle.x + n1 * right.x;
  let g11 = l1 * left.y + m1 * middle.y + n1 * right.y;
  let g12 = l1 * left.z + m1 * middle.z + n1 * right.z;
  let g20 = l2 * left.x + m2 * middle.x + n2 * right.x;
  let g21 = l2 * left.y + m2 * middle.y + n2 * right.y;
  let g22 = l2 * left.z + m2 * middle.z + n2 * right.z;

  // Samples beyond the border have weight 0.
  let rows = min(vec3u(r0, r0 + 1u, r0 + 2u), vec3u(params.inHeight - 1u)) * params.inWidth;
  let columns = min(vec3u(c0, c0 + 1u, c0 + 2u), vec3u(params.inWidth - 1u));
  let b = bias[c];
  let in_size = params.inHeight * params.inWidth * C;
  var from_row0 = (rows.x + columns) * C + c;
  var from_row1 = (rows.y + columns) * C + c;
  var from_row2 = (rows.z + columns) * C + c;
  var to = t;
  for (var n = 0u; n < params.items; n++) {
    var sum = b + g00 * z[from_row0.x] + g01 * z[from_row0.y] + g02 * z[from_row0.z];
    sum += g10 * z[from_row1.x] + g11 * z[from_row1.y] + g12 * z[from_row1.z];
    sum += g20 * z[from_row2.x] + g21 * z[from_row2.y] + g22 * z[from_row2.z];
    y[to] = storeOutput(max(sum, vec4f(0.0)));
    from_row0 += in_size;
    from_row1 += in_size;
    from_row2 += in_size;
    to += out_size;
  }
}
