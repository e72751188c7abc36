// Batch statistics, first pass: x [R, C] (R = N*H*W) -> partials [P, 2, C]: mean and sum of squared deviations of the
// `chunk` rows of part p, per channel. One workgroup = one part of a block of channels: WORKGROUP / LANES channels, whose
// rows LANES invocations share. Deviations are taken from the first row an invocation sees, which is near the mean, so
// that nothing cancels where the mean is large against the deviation.
// A Value is one channel, or four where C is a multiple of 4 (`channels` then counts fours).
alias Value = f32;

override WORKGROUP: u32;
override LANES: u32;

struct Params { rows: u32, channels: u32, parts: u32, chunk: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read_write> partials: array<Value>;

var<workgroup> means: array<Value, WORKGROUP>;
var<workgroup> squares: array<Value, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
) {
  let C = params.channels;
  let width = WORKGROUP / LANES;
  let blocks = (C + width - 1u) / width;
  let g = group.x + group.y * grid.x;
  let c = (g % blocks) * width + local % width;
  let part = g / blocks;
  let start = part * params.chunk;
  let count = min(params.chunk, params.rows - min(start, params.rows));
  let lane = local / width;
  var mean = Value();
  var square = Value();
  if (c < C && lane < count) {
    let first = (start + lane) * C + c;
    let shift = x[first];
    var sum = Value();
    for (var i = first + LANES * C; i < (start + count) * C; i += LANES * C) {
      let d = x[i] - shift;
      sum += d;
      square += d * d;
    }
    let n = f32((count - lane + LANES - 1u) / LANES);
    mean = shift + sum / n;
    square = max(square - sum * sum / n, Value());
  }
  means[local] = mean;
  squares[local] = square;
  workgroupBarrier();
  if (lane > 0u || c >= C || part >= params.parts) { return; }
  // Pairwise update of Chan, Golub and LeVeque (1979), always in the order of the lanes.
  var n = f32((count + LANES - 1u) / LANES);
  for (var k = 1u; k < min(LANES, count); k++) {
    let m = f32((count - k + LANES - 1u) / LANES);
    let d = means[k * width + local] - mean;
    mean += d * (m / (n + m));
    square += squares[k * width + local] + d * d * (n * (m / (n + m)));
    n += m;
  }
  partials[part * 2u * C + c] = mean;
  partials[(part * 2u + 1u) * C + c] = square;
}
