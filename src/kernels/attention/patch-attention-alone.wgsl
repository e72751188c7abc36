// An invocation for each tile and chunk: for adapters where few of them keep every core busy.
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let t = id.x + id.y * grid.x * WORKGROUP;
  if (t >= params.tiles * params.chunks) { return; }
  let tile = tileOf(t);
  attend(tile, 0u, 1u);
  let share = select(vec4f(0.0), 1.0 / total, total > vec4f(0.0));
  for (var n = 0u; n < tile.count; n++) {
    for (var c = 0u; c < tile.vectors; c++) {
      let sum = vec4f(sums[4u * c][n], sums[4u * c + 1u][n], sums[4u * c + 2u][n], sums[4u * c + 3u][n]);
      attended[(tile.first + n) * params.channelVectors + tile.chunk + c] = sum * share[n];
    }
  }
}
