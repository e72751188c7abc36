/** What the methods are called, in groups, in the order of the screen's list. */
import type { MethodName } from '../domain/config'

export interface MethodGroup {
  name: string
  methods: readonly [MethodName, string][]
}

export const METHOD_GROUPS: readonly MethodGroup[] = [
  {
    name: 'Regions of all images, class by class',
    methods: [
      ['balanced-entropy', 'Regions of all images, classes balanced'],
      ['balanced-margin', 'Narrow margins, classes balanced'],
      ['stratified-entropy', 'Entropy, class by class'],
    ],
  },
  {
    name: "The paper's method and its parts",
    methods: [
      ['cpral', 'CPRAL'],
      ['cpral-without-extension', 'CPRAL without label extension'],
      ['cpral-without-attention', 'CPRAL without extension and attention'],
      ['region-only', 'Regions of all images'],
    ],
  },
  {
    name: 'At random',
    methods: [
      ['random-regions', 'Random regions'],
      ['random-regions-in-subset', 'Random regions of random images'],
      ['class-aware-regions', 'Random regions by predicted class'],
      ['random', 'Random'],
    ],
  },
  {
    name: 'Regions of the chosen images',
    methods: [
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
  {
    name: 'Whole images',
    methods: [
      ['rating', 'Panoptic rating'],
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
]

/** The groups with a recommended method before all others, in a group of its own. */
export function methodGroups(recommended: MethodName): MethodGroup[] {
  const others = METHOD_GROUPS.map(({ name, methods }) => {
    return { name, methods: methods.filter(([method]) => method !== recommended) }
  })
  return [{ name: 'Recommended', methods: [[recommended, methodName(recommended)]] }, ...others]
}

const METHOD_NAMES = new Map(METHOD_GROUPS.flatMap((group) => group.methods))

export function methodName(method: string): string {
  return METHOD_NAMES.get(method as MethodName) ?? method
}
