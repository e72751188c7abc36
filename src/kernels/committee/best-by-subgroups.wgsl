// The best of a workgroup's windows: the largest value, of equals the lowest index. Goes before region-picks.wgsl. Subgroups find
// theirs without memory; which invocations make up a subgroup is left to the device.
enable subgroups;

override WORKGROUP: u32;

struct Window { value: f32, index: u32 }

const NOTHING = 0xffffffffu;

fn is_better(a: Window, b: Window) -> bool {
  return a.value > b.value || (a.value == b.value && a.index < b.index);
}

var<workgroup> windows: array<Window, WORKGROUP>;
var<workgroup> subgroups: atomic<u32>;

// To be called by all invocations; the result is that of invocation 0.
fn best_of_all(local: u32, mine: Window) -> Window {
  let value = subgroupMax(mine.value);
  let index = subgroupMin(select(NOTHING, mine.index, mine.value == value));
  if (local == 0u) { atomicStore(&subgroups, 0u); }
  workgroupBarrier();
  if (subgroupElect()) { windows[atomicAdd(&subgroups, 1u)] = Window(value, index); }
  workgroupBarrier();
  var best = Window(value, index);
  if (local == 0u) {
    for (var k = 0u; k < atomicLoad(&subgroups); k++) {
      if (is_better(windows[k], best)) { best = windows[k]; }
    }
  }
  return best;
}
