// Bilinear resize with aligned corners, from `input` to `output` samples along an axis: sample i of the output lies at
// i * (input - 1) / (output - 1) of the input. Positions are kept as integers, in units of 1 / (output - 1).

// An output sample between two input samples: value = (1 - weight) * input[low] + weight * input[high].
struct Tap { low: u32, high: u32, weight: f32 }

fn tap(i: u32, input: u32, output: u32) -> Tap {
  if (output == 1u) { return Tap(0u, min(1u, input - 1u), 0.0); }
  let position = i * (input - 1u);
  let low = position / (output - 1u);
  return Tap(low, min(low + 1u, input - 1u), f32(position % (output - 1u)) / f32(output - 1u));
}

// First and last output sample that input sample r takes part in; the last is below the first where there is none.
fn reach(r: u32, input: u32, output: u32) -> vec2i {
  if (output == 1u) { return vec2i(0, select(-1, 0, r == 0u)); }
  if (input == 1u) { return vec2i(0, i32(output) - 1); }
  let spacing = input - 1u;
  let before = select(0u, ((r - 1u) * (output - 1u)) / spacing + 1u, r > 0u);
  let beyond = ((r + 1u) * (output - 1u) + spacing - 1u) / spacing;
  return vec2i(i32(before), i32(min(beyond, output)) - 1);
}

// Weight of input sample r in output sample i, which is in its reach.
fn share(t: Tap, r: u32) -> f32 {
  return select(t.weight, 1.0 - t.weight, t.low == r);
}
