// The best of a workgroup's windows: the largest value, of equals the lowest index. Goes before region-picks.wgsl.
override WORKGROUP: u32;

struct Window { value: f32, index: u32 }

const NOTHING = 0xffffffffu;

fn is_better(a: Window, b: Window) -> bool {
  return a.value > b.value || (a.value == b.value && a.index < b.index);
}

var<workgroup> windows: array<Window, WORKGROUP>;

// To be called by all invocations; the result is that of invocation 0.
fn best_of_all(local: u32, mine: Window) -> Window {
  windows[local] = mine;
  workgroupBarrier();
  var best = mine;
  if (local == 0u) {
    for (var k = 1u; k < WORKGROUP; k++) {
      if (is_better(windows[k], best)) { best = windows[k]; }
    }
  }
  return best;
}
