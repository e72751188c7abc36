/** Names and sentences for the system's terms on the screen. */
import { methodGroups, methodName } from '../cpral/method-names'
import type { DropoutSite, EncoderName, NoiseConfig, NoiseKind, PresetName, RecipeName } from '../domain/config'
import type { DatasetFormat, FileRole } from '../domain/dataset'
import type { ExportFormat } from '../domain/export'
import type { Progress } from '../domain/progress'
import type { RunRecord, RunStatus } from '../domain/run'
import type { Stage } from '../domain/stages'
import type { LayerName } from '../state/image-view.svelte'

export const FORMAT_NAMES: Readonly<Record<DatasetFormat, string>> = {
  cityscapes: 'Cityscapes',
  bdd100k: 'BDD100K',
  camvid: 'CamVid',
  generic: 'Images and masks',
}

export const ROLES: readonly FileRole[] = ['image', 'mask', 'ignored']

export const ROLE_NAMES: Readonly<Record<FileRole, string>> = { image: 'Images', mask: 'Masks', ignored: 'Ignored' }

export const EXPORT_NAMES: Readonly<Record<ExportFormat, string>> = {
  index: 'Index PNG for each image',
  cityscapes: 'Cityscapes',
  bdd100k: 'BDD100K',
  camvid: 'CamVid',
  voc: 'Pascal VOC',
  cvat: 'CVAT segmentation mask',
  coco: 'COCO (run lengths)',
}

export const STAGE_TEXTS: Readonly<Record<Stage, { name: string; text: string }>> = {
  train: { name: 'Train', text: 'Network and rating head learn from the labelled pool.' },
  evaluate: { name: 'Evaluate', text: 'mIoU on the validation images.' },
  rate: { name: 'Rate', text: 'Every unlabelled image is rated; the highest pass on.' },
  entropy: {
    name: 'Entropy',
    text: 'Monte-Carlo passes vote; vote entropy is high where they disagree. Gaussian attention gathers it over a window.',
  },
  select: { name: 'Select', text: 'The best regions that do not overlap, until the budget is full.' },
  annotate: { name: 'Annotate', text: 'Exactly these regions get their labels.' },
  extend: { name: 'Extend', text: 'Labels spread to similar patches nearby.' },
}

export const PHASE_NAMES: Readonly<Record<Exclude<Progress['phase'], Stage>, string>> = {
  boot: 'Starting the engine',
  compile: 'Preparing the graphics card',
  scan: 'Looking through the folder',
  import: 'Importing',
  generate: 'Drawing street scenes',
  download: 'Downloading',
  export: 'Exporting',
}

export function phaseName(phase: Progress['phase']): string {
  return phase in STAGE_TEXTS ? STAGE_TEXTS[phase as Stage].name : PHASE_NAMES[phase as keyof typeof PHASE_NAMES]
}

export const STATUS_NAMES: Readonly<Record<RunStatus, string>> = {
  ready: 'Ready',
  running: 'Interrupted',
  paused: 'Paused',
  waiting: 'Waiting for labels',
  done: 'Done',
  failed: 'Failed',
}

export const PRESET_TEXTS: Readonly<Record<PresetName, { name: string; text: string }>> = {
  tiny: { name: 'Tiny', text: 'A small network, from scratch. Minutes.' },
  light: { name: 'Light', text: 'Full-width encoder, slim decoder. A laptop trains it.' },
  paper: { name: 'Paper', text: 'The published network. Wants a GPU.' },
}

export const RECIPE_TEXTS: Readonly<Record<RecipeName, { name: string; text: string }>> = {
  studio: { name: 'Studio training', text: 'The network learns more in the same time.' },
  paper: { name: "The paper's training", text: "Repeats the paper's experiments." },
}

export const ENCODER_NAMES: Readonly<Record<EncoderName, string>> = {
  mobilenetv2: 'MobileNetV2',
  resnet9: 'ResNet-9',
  'drn-d-22': 'DRN-D-22',
  'drn-d-38': 'DRN-D-38',
  'drn-d-54': 'DRN-D-54',
}

/** Public weights files that other pages may read. */
export const SUGGESTED_WEIGHTS: readonly { name: string; url: string }[] = [
  {
    name: 'MobileNetV2, ImageNet (timm)',
    url: 'https://huggingface.co/timm/mobilenetv2_100.ra_in1k/resolve/main/model.safetensors',
  },
  {
    name: 'MobileNetV2 of width 0.5, ImageNet (timm)',
    url: 'https://huggingface.co/timm/mobilenetv2_050.lamb_in1k/resolve/main/model.safetensors',
  },
]

export { methodGroups, methodName }

/** A run's name; its method's while nobody has given it one. */
export function runName({ name, config }: Pick<RunRecord, 'name' | 'config'>): string {
  return name ?? methodName(config.selection.method)
}

export const DROPOUT_NAMES: Readonly<Record<DropoutSite, string>> = {
  decoder: 'Decoder (default)',
  encoder: 'Encoder (ViewAL)',
  head: 'Last layer only',
}

export const NOISE_KIND_NAMES: Readonly<Record<NoiseKind, string>> = {
  symmetric: 'Symmetric: first class for last',
  missing: 'Missing: no label',
  random: 'Random class: any other',
  mixed: 'Mixed: these three as 1:2:1',
}

export const NOISE_UNIT_NAMES: Readonly<Record<NoiseConfig['unit'], string>> = {
  pixel: 'Each pixel',
  segment: 'Each connected segment',
}

export const LAYER_NAMES: Readonly<Record<LayerName, string>> = {
  image: 'Image',
  groundTruth: 'Ground truth',
  prediction: 'Prediction',
  entropy: 'Vote entropy',
  attention: 'Attention',
  regions: 'Regions',
  labels: 'Labels',
}
