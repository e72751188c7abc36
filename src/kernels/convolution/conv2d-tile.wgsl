// Dense convolution without shared memory: y [N, H', W', O] = activation(filter * x [N, H, W, I] + bias), and with TRANSPOSED
// the gradient by the input of a convolution: x is then dy, its channels the outputs of the filter, and y is dx.
// One invocation = PIXELS neighbours in the order of y x 4 OUTPUTS channels, held in registers. Lines with $p and $q stand
// once for each pixel and each four outputs. Inputs are taken one at a time: where memory is read lane by lane, as software
// adapters do, four at a time would only make the loop longer.
override WORKGROUP: u32;
override PIXELS: u32;
override OUTPUTS: u32;
override INPUTS: u32;
override TRANSPOSED: bool;
// True where the number of inputs is not a multiple of INPUTS.
override RAGGED: bool;
// False where every tap of every pixel lies inside: no padding, and nothing between the samples of dy.
override CHECKED: bool;
override BIASED: bool;
override CLAMPED: bool;

// Pairs are of rows and columns.
struct Params {
  pixels: u32, height: u32, width: u32, inputs: u32, outHeight: u32, outWidth: u32, outputs: u32,
  kernelHeight: u32, kernelWidth: u32, stride: vec2i, padding: vec2i, dilation: vec2i,
  lowest: f32, highest: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> filter_taps: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// Booleans are combined by & and |, which make no branches: compilers can take minutes over branches in so long a text.
// The position in x that tap k sees from `position` of y, or -1.
fn source(position: u32, k: u32, stride: i32, padding: i32, dilation: i32, extent: u32) -> i32 {
  let offset = i32(k) * dilation - padding;
  let reach = i32(position) - offset;
  let sampled = select(-1, reach / stride, (reach >= 0) & (reach % stride == 0));
  let at = select(i32(position) * stride + offset, sampled, TRANSPOSED);
  return select(-1, at, (at >= 0) & (at < i32(extent)));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let tiles = (params.outputs + 4u * OUTPUTS - 1u) / (4u * OUTPUTS);
  let first = (t / tiles) * PIXELS;
  let start = (t % tiles) * 4u * OUTPUTS;
  if (first >= params.pixels) { return; }
  // Past the last pixel or output the last one is computed again, and the same written again.
  let pixel$p = min(first + $pu, params.pixels - 1u);
  let o$q = min(start + 4u * $qu + vec4u(0u, 1u, 2u, 3u), vec4u(params.outputs - 1u));
  let column$p = pixel$p % params.outWidth;
  let line$p = (pixel$p / params.outWidth) % params.outHeight;
  let image$p = pixel$p / (params.outWidth * params.outHeight);
  // Where the filter's taps lie: [kh, kw, I, O], of which a transposed convolution reads the last two the other way round.
  let step = select(params.outputs, 1u, TRANSPOSED);
  let across$q = o$q * select(1u, params.inputs, TRANSPOSED);
  var sum$p_$q = vec4f();
  for (var ky = 0u; ky < params.kernelHeight; ky++) {
    let iy$p = source(line$p, ky, params.stride.x, params.padding.x, params.dilation.x, params.height);
    for (var kx = 0u; kx < params.kernelWidth; kx++) {
      let ix$p = source(column$p, kx, params.stride.y, params.padding.y, params.dilation.y, params.width);
      let inside$p = !CHECKED | ((iy$p >= 0) & (ix$p >= 0));
      let row$p = select(0u, ((image$p * params.height + u32(iy$p)) * params.width + u32(ix$p)) * params.inputs, inside$p);
      let tap = (ky * params.kernelWidth + kx) * params.inputs * params.outputs;
      for (var i = 0u; i < params.inputs; i += INPUTS) {
        let i$k = select(i + $ku, min(i + $ku, params.inputs - 1u), RAGGED);
        let here$k = !RAGGED | (i + $ku < params.inputs);
        let v$p_$k = select(0.0, x[row$p + i$k], inside$p & here$k);
        let w$q_$k = across$q + (tap + i$k * step);
        let f$q_$k = vec4f(filter_taps[w$q_$k.x], filter_taps[w$q_$k.y], filter_taps[w$q_$k.z], filter_taps[w$q_$k.w]);
        sum$p_$q += v$p_$k * f$q_$k;
      }
    }
  }
  if (BIASED) {
    let bias$q = vec4f(bias[o$q.x], bias[o$q.y], bias[o$q.z], bias[o$q.w]);
    sum$p_$q += bias$q;
  }
  if (CLAMPED) {
    sum$p_$q = clamp(sum$p_$q, vec4f(params.lowest), vec4f(params.highest));
  }
  let at$p_$q = pixel$p * params.outputs + o$q;
  y[at$p_$q.x] = sum$p_$q.x;
  y[at$p_$q.y] = sum$p_$q.y;
  y[at$p_$q.z] = sum$p_$q.z;
  y[at$p_$q.w] = sum$p_$q.w;
}
