// running = kept * running + share * latest, in place. running, latest [blocks * 64], as vectors of 4; shares [blocks], a
// negative one leaves its block alone. One invocation = four elements.
override WORKGROUP: u32;

struct Params { size: u32, kept: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> latest: array<vec4f>;
@group(0) @binding(2) var<storage, read> shares: array<f32>;
@group(0) @binding(3) var<storage, read_write> running: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  let share = shares[i / 16u];
  if (share < 0.0) { return; }
  running[i] = params.kept * running[i] + share * latest[i];
}
