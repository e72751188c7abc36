
// The dropout behind a layer, as in counter-dropout.wgsl, for the i-th Value of a map of `item_size` Values an item. Goes with
// hash32.wgsl and the module, whose Params have item_size, prefix, first_pass, threshold and scale.
alias Word = u32;
const LANES_OF_VALUE = 0u;
const LANES_COUNT = 1u;

fn hash(word: Word) -> Word {
  return hash32(word);
}

fn dropped(value: Value, i: u32) -> Value {
  let key = Word(hash32(params.prefix ^ (params.first_pass + i / params.item_size)));
  let element = Word(LANES_COUNT * (i % params.item_size)) + LANES_OF_VALUE;
  return select(Value(), value * params.scale, hash(key ^ element) >= Word(params.threshold));
}
