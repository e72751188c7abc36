// Gradient of the weighted cross-entropy, second pass: dlogits[n, r, q, c] = dsums[n] * sum over y of share(y, r) * rows[n, y, q, c].
// rows [N, H, w, C], dsums [N], dlogits [N, h, w, C]; `columns` = w * C. One invocation = one element of dlogits.
override WORKGROUP: u32;

struct Params { size: u32, inHeight: u32, height: u32, columns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<f32>;
@group(0) @binding(2) var<storage, read> dsums: array<f32>;
@group(0) @binding(3) var<storage, read_write> dlogits: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.size) { return; }
  let column = t % params.columns;
  let r = (t / params.columns) % params.inHeight;
  let n = t / (params.columns * params.inHeight);
  let ys = reach(r, params.inHeight, params.height);
  var sum = 0.0;
  for (var i = ys.x; i <= ys.y; i++) {
    let y = tap(u32(i), params.inHeight, params.height);
    sum += share(y, r) * rows[(n * params.height + u32(i)) * params.columns + column];
  }
  dlogits[t] = dsums[n] * sum;
}
