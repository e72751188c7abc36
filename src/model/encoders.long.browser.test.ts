/** The network on the large encoders against PyTorch: forward passes of the full nets. */
import { it } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { INFERENCE, infersLikePyTorch } from '../../tests/support/golden-encoders'

/** On the software adapter the two largest nets take too long; there their narrow training steps judge the graph. */
const WASM_ONLY = ['drn-d-38', 'drn-d-54']

describeEngines('encoders', (engine) => {
  const large = INFERENCE.filter(({ encoder }) => encoder !== 'mobilenetv2')
  const judged = large.filter(({ encoder }) => engine === 'wasm' || !WASM_ONLY.includes(encoder))
  it.each(judged)('$encoder, $preset: logits, taps and rating', infersLikePyTorch)
})
