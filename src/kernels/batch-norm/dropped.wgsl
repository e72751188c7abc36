
// The dropout behind a layer, as in counter-dropout.wgsl, for the i-th Value of a map of `itemSize` Values an item. Goes with
// hash32.wgsl and the module, whose Params have itemSize, prefix, firstPass, threshold and scale.
alias Word = u32;
const LANES_OF_VALUE = 0u;
const LANES_COUNT = 1u;

fn hash(word: Word) -> Word {
  return hash32(word);
}

fn dropped(value: Value, i: u32) -> Value {
  let key = Word(hash32(params.prefix ^ (params.firstPass + i / params.itemSize)));
  let element = Word(LANES_COUNT * (i % params.itemSize)) + LANES_OF_VALUE;
  return select(Value(), value * params.scale, hash(key ^ element) >= Word(params.threshold));
}
