/** Why a region was chosen, in words. */
import { METHODS, type Method } from '../cpral/methods'
import type { ClassDefinition } from '../domain/classes'
import type { ImageScore, MethodName } from '../domain/config'
import type { Region } from '../domain/round'

type Named = Pick<ClassDefinition, 'name'>

/** What is true of every region of a method that looks at pixels. */
const BY_REGION: Readonly<Record<Method['regionScore'], string>> = {
  'vote-entropy': 'The committee disagrees much here.',
  random: 'Drawn at random.',
  'class-aware': 'Drawn at random, two times of three for a class.',
  'balanced-entropy': 'The committee disagrees much here, and common classes weigh little.',
  'balanced-margin': 'Two classes are nearly as probable here, and common ones weigh little.',
  'stratified-entropy': 'The network is unsure here about one class.',
}

/** What is true of every image of a method that labels whole images. */
const BY_IMAGE: Readonly<Record<ImageScore, string>> = {
  rating: 'Rated as hard.',
  random: 'Drawn at random.',
  entropy: 'The network is unsure about much of this image.',
  confidence: 'The network is little confident in this image.',
  margin: 'Two classes are nearly as probable in much of this image.',
  'mc-dropout': 'The committee is unsure about this image.',
  bald: 'The committee disagrees about this image.',
  'core-set': 'Unlike the images that have labels.',
  vaal: 'Looks unlabelled to the discriminator.',
  'ta-vaal': 'Looks unlabelled to the discriminator.',
}

/** One or two short sentences; `classes` are the project's. */
export function reasonOf({ because }: Pick<Region, 'because'>, name: MethodName, classes: readonly Named[]): string {
  const method = METHODS[name]
  if (!because) return wordsOf(method)
  const [a, b] = because.between.map((id) => classes[id]?.name ?? 'a class that is gone')
  const unsure = `Unsure between ${a} and ${b}.`
  const rare = because.rare === undefined ? undefined : classes[because.rare]?.name
  return rare === undefined ? unsure : `${unsure} ${capital(rare)} is rare in these images.`
}

function wordsOf({ imageScore, regionScore, usesRegions }: Method): string {
  return usesRegions || imageScore === null ? BY_REGION[regionScore] : BY_IMAGE[imageScore]
}

const capital = (name: string) => name.charAt(0).toLocaleUpperCase('en') + name.slice(1)
