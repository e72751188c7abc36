// Gradient of batch normalisation, second pass: partials [J, 2, C] -> dbeta [C] and dgamma [C], their sums over J, and
// coefficients [5, C] for the third pass: mean, scale = gamma / deviation, beta, dbeta / R, dgamma / (R * deviation).
// One invocation = every SLICES-th j of one channel; the first slice then adds the slices, always in the same order.
override WORKGROUP: u32;
override SLICES: u32;

struct Params { rows: u32, channels: u32, lanes: u32, epsilon: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read> beta: array<f32>;
@group(0) @binding(4) var<storage, read> mean: array<f32>;
@group(0) @binding(5) var<storage, read> variance: array<f32>;
@group(0) @binding(6) var<storage, read_write> dgamma: array<f32>;
@group(0) @binding(7) var<storage, read_write> dbeta: array<f32>;
@group(0) @binding(8) var<storage, read_write> coefficients: array<f32>;

var<workgroup> slices: array<vec2f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
) {
  let C = params.channels;
  let channels_here = WORKGROUP / SLICES;
  let c = (group.x + group.y * grid.x) * channels_here + local % channels_here;
  let slice = local / channels_here;
  var sums = vec2f();
  if (c < C) {
    for (var j = slice; j < params.lanes; j += SLICES) {
      sums += vec2f(partials[j * 2u * C + c], partials[j * 2u * C + C + c]);
    }
  }
  if (SLICES > 1u) {
    slices[local] = sums;
    workgroupBarrier();
    if (slice > 0u) { return; }
    for (var k = 1u; k < SLICES; k++) { sums += slices[k * channels_here + local]; }
  }
  if (c >= C) { return; }
  let deviation = sqrt(variance[c] + params.epsilon);
  dbeta[c] = sums.x;
  dgamma[c] = sums.y;
  coefficients[c] = mean[c];
  coefficients[C + c] = gamma[c] / deviation;
  coefficients[2u * C + c] = beta[c];
  coefficients[3u * C + c] = sums.x / f32(params.rows);
  coefficients[4u * C + c] = sums.y / (f32(params.rows) * deviation);
}
