/** Layouts of datasets and names of their files, to be drawn from at random. */
import type { RandomStream } from '../../src/math/random'

export type SplitName = 'train' | 'val'

/** Where one image and its mask lie. */
export interface Place {
  image: string
  mask: string
  /** Where the folder says it. */
  split: SplitName | null
}

export interface Layout {
  name: string
  place(index: number, split: SplitName): Place
  /** Files that say the split of images by their places. */
  lists?(places: readonly Place[]): Record<string, string>
  /** Values that the masks of this layout hold, by name of the coding; any when absent. */
  codings?: readonly string[]
  /** The class file of the layout, by name; any when absent. */
  classFile?: string
  /** Masks and images are told apart by their places, so that faults may add files. */
  isLoose: boolean
}

export function pick<T>(random: RandomStream, items: readonly T[]): T {
  return items[random.below(items.length)]
}

interface Naming {
  text: string
  image(index: number): string
  mask(index: number): string
}

const STEMS = ['p#', 'IMG_00#', 'tile_#_3', '00000#', 'scene 2021-03-0#', 'Überflug-#']
const ENDINGS = ['jpg', 'png', 'jpeg', 'JPG', 'webp', 'jfif']
const SUFFIXES = ['_mask', '_seg', '_gt', '-label', '_labelIds', '_segmentation', '_MASK']
const PREFIXES = ['mask_', 'gt_', 'seg-']

/** Names of an image and its mask. `isTold`: the folders tell them apart, so that the names may be equal. */
function naming(random: RandomStream, isTold: boolean): Naming {
  const stem = pick(random, STEMS)
  const ending = pick(random, ENDINGS)
  const kind = random.below(isTold ? 8 : 5)
  const suffix = kind < 3 ? pick(random, SUFFIXES) : ''
  const prefix = kind === 3 || kind === 4 ? pick(random, PREFIXES) : ''
  const isDoubled = kind === 5
  const isLower = kind === 6
  const of = (index: number) => stem.replace('#', `${index}`)
  const base = (index: number) => {
    const name = isDoubled ? `${of(index)}.${ending}` : of(index)
    return isLower ? name.toLowerCase() : name
  }
  return {
    text: `${stem}.${ending} with ${prefix}*${isDoubled ? `.${ending}` : ''}${suffix}.png${isLower ? ' in small letters' : ''}`,
    image: (index) => `${of(index)}.${ending}`,
    mask: (index) => `${prefix}${base(index)}${suffix}.png`,
  }
}

const FOLDERS = [
  ['images', 'masks'],
  ['images', 'labels'],
  ['img', 'mask'],
  ['imgs', 'gt'],
  ['photos', 'annotations'],
  ['image', 'segmentation'],
  ['images_png', 'masks_png'],
  ['JPEGImages', 'SegmentationClass'],
]

/** Names that no list of known ones holds. */
const UNKNOWN_FOLDERS = [
  ['bilder', 'umrisse'],
  ['raw', 'drawn'],
  ['a', 'b'],
  ['camera', 'camera_objects'],
]

type Make = (random: RandomStream) => Layout

/** Folders of images and of masks, each with the split inside, outside, or not at all. */
function folders(
  name: string,
  pairs: readonly (readonly string[])[],
  isSplit: (side: 0 | 1) => boolean | 'outside',
): Make {
  return (random) => {
    const [images, masks] = pick(random, pairs)
    const names = naming(random, true)
    const folder = (top: string, side: 0 | 1, split: SplitName) => {
      const where = isSplit(side)
      return where === 'outside' ? `${split}/${top}` : where ? `${top}/${split}` : top
    }
    const hasSplit = isSplit(0) !== false || isSplit(1) !== false
    return {
      name: `${name}: ${images} and ${masks}, ${names.text}`,
      isLoose: true,
      place: (index, split) => ({
        image: `${folder(images, 0, split)}/${names.image(index)}`,
        mask: `${folder(masks, 1, split)}/${names.mask(index)}`,
        split: hasSplit ? split : null,
      }),
    }
  }
}

/** A layout whose names are given. */
function fixed(name: string, place: Layout['place'], more: Partial<Layout> = {}): Make {
  return () => ({ name, place, isLoose: false, ...more })
}

const beside: Make = (random) => {
  const names = naming(random, false)
  return {
    name: `masks beside images: ${names.text}`,
    isLoose: false,
    place: (index) => ({ image: `set/${names.image(index)}`, mask: `set/${names.mask(index)}`, split: null }),
  }
}

const sequences: Make = (random) => {
  const [images, masks] = pick(random, FOLDERS)
  return {
    name: `sequences of equal names: ${images} and ${masks}`,
    isLoose: true,
    place: (index) => {
      const file = `run${index % 2}/${1000 + (index >> 1)}`
      return { image: `${images}/${file}.jpg`, mask: `${masks}/${file}.png`, split: null }
    },
  }
}

/** Codings of masks of class ids 0, 1, 2 ... */
export const ID_CODINGS = ['grey ids', 'grey ids and void', '16-bit ids', 'grey ids in RGB']

const LAYOUTS: readonly Make[] = [
  beside,
  folders('side by side', FOLDERS, () => false),
  folders('side by side', FOLDERS, () => false),
  folders('split inside', FOLDERS, () => true),
  folders('split outside', FOLDERS, () => 'outside'),
  folders('split of the images alone', FOLDERS, (side) => side === 0),
  folders('split of the masks alone', FOLDERS, (side) => side === 1),
  folders('unknown names', UNKNOWN_FOLDERS, () => false),
  folders('img_dir and ann_dir', [['img_dir', 'ann_dir']], () => true),
  sequences,
  fixed('SegNet', (index, split) => ({ image: `${split}/a${index}.png`, mask: `${split}annot/a${index}.png`, split }), {
    codings: ['grey ids', 'palette', 'black and white'],
  }),
  fixed(
    'VOC with lists',
    (index, split) => ({ image: `JPEGImages/20_0${index}.jpg`, mask: `SegmentationClass/20_0${index}.png`, split }),
    {
      codings: ['palette', 'palette and void'],
      lists: (places) => {
        const list = (split: SplitName) =>
          places
            .filter((place) => place.split === split)
            .map(({ image }) => `${image.slice(image.lastIndexOf('/') + 1, -4)}\n`)
            .join('')
        return { 'ImageSets/Segmentation/train.txt': list('train'), 'ImageSets/Segmentation/val.txt': list('val') }
      },
    },
  ),
  fixed(
    'Cityscapes with classes of its own',
    (index, split) => {
      const name = (kind: string) => `${split}/yard/yard_00000${index}_000019_${kind}.png`
      return { image: `leftImg8bit/${name('leftImg8bit')}`, mask: `gtFine/${name('gtFine_labelIds')}`, split }
    },
    { codings: ['grey ids', 'grey ids and void'], classFile: 'classes.txt' },
  ),
  fixed(
    'BDD100K with classes of its own',
    (index, split) => {
      return { image: `images/10k/${split}/a${index}.jpg`, mask: `labels/sem_seg/masks/${split}/a${index}.png`, split }
    },
    { codings: ['grey ids', 'grey ids and void'], classFile: 'classes.txt' },
  ),
  fixed(
    'nnU-Net',
    (index) => ({ image: `imagesTr/cell_00${index}_0000.png`, mask: `labelsTr/cell_00${index}.png`, split: null }),
    { codings: ['grey ids'], classFile: 'dataset.json' },
  ),
  fixed('DeepGlobe', (index) => ({ image: `train/9${index}_sat.jpg`, mask: `train/9${index}_mask.png`, split: null }), {
    codings: ['colours', 'black and white in RGB'],
  }),
  fixed(
    'Roboflow',
    (index, split) => {
      const stem = `${split === 'val' ? 'valid' : split}/shot${index}_jpg.rf.0a1b2c${index}`
      return { image: `${stem}.jpg`, mask: `${stem}_mask.png`, split }
    },
    { codings: ['grey ids'], classFile: '_classes.csv' },
  ),
  fixed(
    'folders of labelme',
    (index) => ({ image: `shot${index}_json/img.png`, mask: `shot${index}_json/label.png`, split: null }),
    { codings: ['palette'], classFile: 'label_names.txt' },
  ),
]

export function randomLayout(random: RandomStream): Layout {
  return pick(random, LAYOUTS)(random)
}
