/** What the methods are called, in groups, in the order of the screen's list. */
import type { MethodName } from '../domain/config'

export const METHOD_GROUPS: readonly { name: string; methods: readonly [MethodName, string][] }[] = [
  {
    name: 'The method',
    methods: [
      ['cpral', 'CPRAL'],
      ['cpral-without-extension', 'CPRAL without label extension'],
      ['cpral-without-attention', 'CPRAL without extension and attention'],
      ['region-only', 'Regions of all images'],
      ['balanced-entropy', 'Regions of all images, classes balanced'],
      ['balanced-margin', 'Narrow margins, classes balanced'],
      ['stratified-entropy', 'Entropy, class by class'],
    ],
  },
  {
    name: 'Whole images',
    methods: [
      ['rating', 'Panoptic rating'],
      ['random', 'Random'],
      ['entropy', 'Entropy'],
      ['confidence', 'Confidence'],
      ['margin', 'Margin'],
      ['mc-dropout', 'MC dropout'],
      ['bald', 'BALD'],
      ['core-set', 'Core-set'],
      ['vaal', 'VAAL'],
      ['ta-vaal', 'TA-VAAL'],
    ],
  },
  {
    name: 'Regions of the chosen images',
    methods: [
      ['random-regions', 'Random regions'],
      ['random-regions-in-subset', 'Random regions of random images'],
      ['class-aware-regions', 'Random regions by predicted class'],
      ['random-r', 'Random + regions'],
      ['entropy-r', 'Entropy + regions'],
      ['confidence-r', 'Confidence + regions'],
      ['margin-r', 'Margin + regions'],
      ['mc-dropout-r', 'MC dropout + regions'],
      ['bald-r', 'BALD + regions'],
      ['core-set-r', 'Core-set + regions'],
      ['vaal-r', 'VAAL + regions'],
      ['ta-vaal-r', 'TA-VAAL + regions'],
      ['rating-r', 'Panoptic rating + regions'],
    ],
  },
]

const METHOD_NAMES = new Map(METHOD_GROUPS.flatMap((group) => group.methods))

export function methodName(method: string): string {
  return METHOD_NAMES.get(method as MethodName) ?? method
}
