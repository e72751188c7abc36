// A workgroup for each tile and chunk: its lanes share the keys, and merge what they found by the largest of their maxima.
var<workgroup> maxima: array<vec4f, WORKGROUP>;
var<workgroup> totals: array<vec4f, WORKGROUP>;
var<workgroup> laneSums: array<vec4f, WORKGROUP * CHUNK_VECTORS * 4u>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x;
  if (t >= params.tiles * params.chunks) { return; }
  let tile = tileOf(t);
  attend(tile, lane, WORKGROUP);
  maxima[lane] = maximum;
  workgroupBarrier();
  var highest = maxima[0];
  for (var l = 1u; l < WORKGROUP; l++) { highest = max(highest, maxima[l]); }
  let shrink = weightOf(maximum, highest);
  totals[lane] = total * shrink;
  for (var c = 0u; c < tile.vectors * 4u; c++) { laneSums[c * WORKGROUP + lane] = sums[c] * shrink; }
  workgroupBarrier();
  var whole = vec4f(0.0);
  for (var l = 0u; l < WORKGROUP; l++) { whole += totals[l]; }
  let share = select(vec4f(0.0), 1.0 / whole, whole > vec4f(0.0));
  for (var c = lane; c < tile.vectors; c += WORKGROUP) {
    var merged = array<vec4f, 4>();
    for (var i = 0u; i < 4u; i++) {
      let start = (4u * c + i) * WORKGROUP;
      for (var l = 0u; l < WORKGROUP; l++) { merged[i] += laneSums[start + l]; }
    }
    for (var n = 0u; n < tile.count; n++) {
      let sum = vec4f(merged[0][n], merged[1][n], merged[2][n], merged[3][n]);
      attended[(tile.first + n) * params.channelVectors + tile.chunk + c] = sum * share[n];
    }
  }
}
