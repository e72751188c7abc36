// y = clamp(filter * x + bias), stride 1, zeros around the map: x [N, H, W, I], filter [K, K, I, O], bias [O], y [N, H, W, O], in
// vectors of four channels; Input and Output as in gpu/precision.ts. One invocation = PIXELS neighbours x OUTPUTS vectors of
// channels, held in registers. Lines with $p and $q stand once for each pixel and each vector.
override WORKGROUP: u32;
override PIXELS: u32;
override OUTPUTS: u32;
override KERNEL: u32;
override BIASED: bool;

struct Params { pixels: u32, height: u32, width: u32, inputs: u32, outputs: u32, lowest: f32, highest: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Input>;
@group(0) @binding(2) var<storage, read> filter_taps: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<Output>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let tiles = (params.outputs + OUTPUTS - 1u) / OUTPUTS;
  let first = (t / tiles) * PIXELS;
  let start = (t % tiles) * OUTPUTS;
  if (first >= params.pixels) { return; }
  // Past the last pixel or vector the last one is computed again, and the same written again.
  let pixel$p = min(first + $pu, params.pixels - 1u);
  let o$q = min(start + $qu, params.outputs - 1u);
  let column$p = i32(pixel$p % params.width);
  let line$p = i32((pixel$p / params.width) % params.height);
  let reach = i32(KERNEL / 2u);
  var sum$p_$q = vec4f();
  for (var tap = 0u; tap < KERNEL * KERNEL; tap++) {
    let dy = i32(tap / KERNEL) - reach;
    let dx = i32(tap % KERNEL) - reach;
    let below$p = (line$p + dy >= 0) & (line$p + dy < i32(params.height));
    let inside$p = below$p & (column$p + dx >= 0) & (column$p + dx < i32(params.width));
    let from$p = u32(select(0, i32(pixel$p) + dy * i32(params.width) + dx, inside$p)) * params.inputs;
    for (var i = 0u; i < params.inputs; i++) {
      let v$p = select(vec4f(), loadInput(x[from$p + i]), inside$p);
      let row = (tap * params.inputs + i) * 4u * params.outputs;
      let a$q = filter_taps[row + o$q];
      let b$q = filter_taps[row + params.outputs + o$q];
      let c$q = filter_taps[row + 2u * params.outputs + o$q];
      let d$q = filter_taps[row + 3u * params.outputs + o$q];
      sum$p_$q += v$p.x * a$q + v$p.y * b$q + v$p.z * c$q + v$p.w * d$q;
    }
  }
  if (BIASED) {
    sum$p_$q += bias[o$q];
  }
  y[pixel$p * params.outputs + o$q] = storeOutput(clamp(sum$p_$q, vec4f(params.lowest), vec4f(params.highest)));
}
