import { CAMVID_CLASSES } from '../../domain/classes'
import { FileFault } from '../../domain/errors'
import { decodeLabelPng } from '../../image/label-png'
import { findClassFile, parseClassFile } from '../class-files/class-file'
import { CAMVID_CODING } from '../classes/known'
import { assemble, type FoundImage } from './assemble'
import type { Dataset, DatasetMask, FolderReader } from './dataset'
import { folderSplit, isImage, type ParsedPath } from './paths'

/** The four drives CamVid's frames come from. */
const CAMVID_FRAME = /^(0001TP|0006R0|0016E5|Seq05VD)_/
const SAMPLED_MASKS = 3

/**
 * SegNet's CamVid, ids 0..10 with 11 void: `<split>/*.png` with `<split>annot/*.png`, or `images/<split>/*` with
 * `labels/<split>/*.png`. The second layout is anybody's: it is taken for CamVid when the frames have CamVid's names or
 * a class file names CamVid's classes, and the masks hold no other ids. `isForced` skips that evidence.
 * @returns null when it is something else
 */
export async function recogniseCamvid(
  paths: readonly ParsedPath[],
  reader: FolderReader,
  isForced: boolean,
): Promise<Dataset | null> {
  const namesCamvid = await classFileNamesCamvid(paths, reader)
  if (namesCamvid === false && !isForced) return null
  const segnet = collect(paths, segnetRole)
  if (segnet.images.length > 0 && segnet.masks.size > 0) {
    return assemble({
      format: 'camvid',
      recognised: 'CamVid: <split> with <split>annot.',
      classes: CAMVID_CLASSES,
      ...segnet,
    })
  }
  const folders = collect(paths, folderRole)
  if (folders.images.length === 0 || folders.masks.size === 0) return null
  const hasCamvidFrames = folders.images.every(({ parsed }) => CAMVID_FRAME.test(parsed.stem))
  if (!isForced && !hasCamvidFrames && namesCamvid !== true) return null
  if (!isForced && !(await holdsCamvidIds([...folders.masks.values()].flat(), reader))) return null
  return assemble({ format: 'camvid', recognised: 'CamVid: images with labels.', classes: CAMVID_CLASSES, ...folders })
}

interface Role {
  isMask: boolean
  split: NonNullable<FoundImage['split']>
}

function segnetRole({ folders }: ParsedPath): Role | null {
  const folder = folders.at(-1) ?? ''
  const isMask = folder.endsWith('annot')
  const split = folderSplit(isMask ? folder.slice(0, -'annot'.length) : folder)
  return split && { isMask, split }
}

function folderRole({ folders }: ParsedPath): Role | null {
  const split = folderSplit(folders.at(-1) ?? '')
  const kind = folders.at(-2)
  return split && (kind === 'images' || kind === 'labels') ? { isMask: kind === 'labels', split } : null
}

function collect(paths: readonly ParsedPath[], roleOf: (parsed: ParsedPath) => Role | null) {
  const images: FoundImage[] = []
  const masks = new Map<string, DatasetMask[]>()
  for (const parsed of paths) {
    const role = roleOf(parsed)
    if (!role) continue
    const key = `${role.split}/${parsed.stem}`
    if (!role.isMask && isImage(parsed)) images.push({ parsed, split: role.split, key })
    if (role.isMask && parsed.extension === 'png') {
      masks.set(key, [...(masks.get(key) ?? []), { path: parsed.path, coding: CAMVID_CODING }])
    }
  }
  return { images, masks }
}

/** Whether the folder's class file lists CamVid's classes (void aside); null without a class file. */
async function classFileNamesCamvid(paths: readonly ParsedPath[], reader: FolderReader): Promise<boolean | null> {
  const path = findClassFile(paths.map((parsed) => parsed.path))
  if (!path) return null
  const names = parseClassFile(path, await reader.text(path)).entries.filter(({ isVoid }) => !isVoid)
  return (
    names.length === CAMVID_CLASSES.length &&
    names.every(({ name }, index) => name.toLowerCase() === CAMVID_CLASSES[index].name.toLowerCase())
  )
}

async function holdsCamvidIds(masks: readonly DatasetMask[], reader: FolderReader): Promise<boolean> {
  for (const { path } of masks.slice(0, SAMPLED_MASKS)) {
    try {
      const { values } = decodeLabelPng(await reader.bytes(path))
      if (!values?.every((value) => CAMVID_CODING.known?.has(value))) return false
    } catch (error) {
      if (!(error instanceof FileFault)) throw error // A damaged mask says nothing; the import reports it.
    }
  }
  return true
}
