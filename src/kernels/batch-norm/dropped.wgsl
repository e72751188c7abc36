
// The dropout behind a layer, as in counter-dropout.wgsl, for the i-th Value of a map of `item_size` Values an item. Goes behind
// the module, whose Params have item_size, prefix, first_pass, threshold and scale.
alias Word = u32;
const LANES_OF_VALUE = 0u;
const LANES_COUNT = 1u;

// PCG output permutation (O'Neill 2014, RXS-M-XS), as in math/random.
fn hash32(value: Word) -> Word {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> Word(28u)) + Word(4u))) ^ state) * 277803737u;
  return (word >> Word(22u)) ^ word;
}

fn dropped(value: Value, i: u32) -> Value {
  let key = hash32(Word(params.prefix ^ (params.first_pass + i / params.item_size)));
  let element = Word(LANES_COUNT * (i % params.item_size)) + LANES_OF_VALUE;
  return select(Value(), value * params.scale, hash32(key ^ element) >= Word(params.threshold));
}
