// Batch statistics, first pass: x [R, C] (R = N*H*W) -> partials [2, J, C]: mean and sum of squared deviations of the
// rows j, j + J, j + 2J, ... of channel c. One invocation = one (j, c). Deviations are taken from the first of these
// rows, which is near the mean, so that nothing cancels where the mean is large against the deviation.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;

struct Params { rows: u32, channels: u32, lanes: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read_write> partials: array<Value>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  let step = params.lanes * params.channels;
  if (t >= step) { return; }
  let size = params.rows * params.channels;
  let shift = x[t];
  var sum = Value();
  var squares = Value();
  for (var i = t + step; i < size; i += step) {
    let d = x[i] - shift;
    sum += d;
    squares += d * d;
  }
  let n = f32((size - t + step - 1u) / step);
  partials[t] = shift + sum / n;
  partials[step + t] = max(squares - sum * sum / n, Value());
}
