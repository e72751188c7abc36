/** What each file of a drop is, and for those that are not read a sentence with the way out. */
import type { FileProblem } from '../../domain/dataset'
import { imageType } from '../../image/file-check'

/**
 * `text` may say classes, splits or annotations; others decide whether it does. `system` files are what systems and
 * their disks keep beside a person's files.
 */
export type FileKind = 'image' | 'text' | 'unread' | 'system'

const IMAGES = /\.(jpe?g|jpe|jfif|pjp(eg)?|png|webp)$/i
const TEXTS = /\.(txt|[ct]sv|json|jsonl|xml|ya?ml|names|lst)$/i

/** Folders and files of systems, in lower case. */
const SYSTEM_NAMES = new Set([
  ...['thumbs.db', 'ehthumbs.db', 'ehthumbs_vista.db', 'desktop.ini', '$recycle.bin', 'recycler', 'recycled'],
  ...['system volume information', 'msocache', 'zbthumbnail.info', 'picasa.ini', 'sync.ffs_db', 'lost+found'],
  ...['__macosx', 'icon\r', 'network trash folder', 'temporary items', '__pycache__', '_thumbs'],
  // Disks of a network: Synology, QNAP, Asustor, Buffalo, Thecus.
  ...[
    '@eadir',
    '#recycle',
    '#snapshot',
    '@tmp',
    '@sharebin',
    '@recycle',
    '@recently-snapshot',
    '@__thumb',
    '@appstore',
  ],
  ...['@upload_cache', 'network recycle bin', 'trashbox', '_nas_recycle_'],
])
/** Thumbnails, streams and locks that lie beside the files they belong to. */
const SYSTEM_FILES = /^(\.|~\$|:2e)|^syno(photo|file)_|@syno(eastream|resource)$|:?zone\.identifier$|^thumbs\.db:/i

/**
 * @param head the file's first bytes, which are looked at where its ending tells nothing; null when they are not known
 */
export function kindOf(path: string, head: Uint8Array | null): FileKind {
  if (isSystemFile(path)) return 'system'
  if (IMAGES.test(path)) return 'image'
  if (TEXTS.test(path)) return 'text'
  return head && isUntold(path) && imageType(head) ? 'image' : 'unread'
}

/** Whether only a file's first bytes can say what it is, because it has no ending or an unknown one. */
export function isUntold(path: string): boolean {
  return !isSystemFile(path) && !IMAGES.test(path) && !TEXTS.test(path) && unreadKind(path) === undefined
}

/** Files that systems keep for themselves: @eaDir, .DS_Store, Thumbs.db, anything below a dot folder. */
export function isSystemFile(path: string): boolean {
  return systemPart(path) !== undefined
}

function systemPart(path: string): string | undefined {
  return path.split('/').find((part) => SYSTEM_NAMES.has(part.toLowerCase()) || SYSTEM_FILES.test(part))
}

/** "6 files of the system were ignored (@eaDir)."; null when there are none. */
export function ignoredSentence(paths: readonly string[]): string | null {
  const parts = paths.map(systemPart).filter((part) => part !== undefined)
  if (parts.length === 0) return null
  const names = [...new Set(parts)]
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '')
  const areThumbnails = parts.every((part) => /thumb|@eadir|synophoto/i.test(part))
  const what = areThumbnails ? 'thumbnail' : 'file'
  const count = parts.length === 1 ? `1 ${what} of the system was` : `${parts.length} ${what}s of the system were`
  return `${count} ignored (${shown.replaceAll('\r', '')}).`
}

const SAVE = 'Save images as JPEG or PNG, and masks as 8-bit PNG.'
const AS_IDS = (tool: string) =>
  `If it holds labels, save each slice as an 8-bit PNG of class ids with ${tool}; images as PNG or JPEG.`
const UNPACK = 'Unpack it, then drop the folder; or pack it as one .zip with Deflate.'
const NO_IMAGE = 'It need not be in the folder; images are read as JPEG, PNG and WebP.'

/** Endings, what such a file is, and what to do with it. The first that fits counts. */
const UNREAD: readonly [RegExp, string, string][] = [
  [
    /\.(nii(\.gz)?|mgz|mgh|hdr|img)$/i,
    'is a medical volume (NIfTI or Analyze), not an image',
    AS_IDS('nibabel and Pillow'),
  ],
  [/\.(tiff?|gtiff|ome)$/i, 'is a TIFF image, which browsers do not read', SAVE],
  [
    /\.(hei[cf]s?|hif)$/i,
    'is a HEIC photo, which browsers do not read',
    'Save it as JPEG: iPhones do so with "Most Compatible".',
  ],
  [/\.avif$/i, 'is an AVIF image, which is not read here', SAVE],
  [/\.(bmp|dib)$/i, 'is a BMP image, which is not read here', 'Save it as PNG, which loses nothing.'],
  [/\.gif$/i, 'is a GIF image, which is not read here', 'Save it as PNG, which loses nothing.'],
  [/\.(p[pgbna]m|pfm)$/i, 'is a PPM or PGM image, which browsers do not read', 'Save it as PNG, which loses nothing.'],
  [/\.(jp2|j2k|jpf|jpx|jpm|j2c|jpc)$/i, 'is a JPEG 2000 image, which browsers do not read', SAVE],
  [/\.jxl$/i, 'is a JPEG XL image, which is not read here', SAVE],
  [/\.(jxr|wdp|hdp)$/i, 'is a JPEG XR image, which is not read here', SAVE],
  [
    /\.svgz?$/i,
    'is a drawing (SVG), which has no pixels',
    'Draw it into a PNG of the size of its image, without smoothing.',
  ],
  [
    /\.(tga|pcx|sgi|ras|xbm|xpm|ico|cur|icns|dds|ktx2?|qoi|fits?|wbmp)$/i,
    'is an image of a kind that is not read here',
    SAVE,
  ],
  [/\.(exr|rgbe)$/i, 'is an image of a high range (EXR or HDR), which browsers do not read', SAVE],
  [
    /\.(psd|psb|xcf|kra|ai|eps|indd|cdr|sketch|fig|afphoto|clip)$/i,
    'is a file of a drawing program',
    'Export it from there as PNG.',
  ],
  [
    /\.(dng|cr[23w]|nef|nrw|arw|srf|sr2|orf|rw2|raf|pef|srw|x3f|3fr|fff|iiq|mos|mrw|erf|kdc|dcr|rwl|gpr|raw)$/i,
    'is a raw photo of a camera, which browsers do not read',
    'Develop it to JPEG or PNG with the program of the camera, darktable or Lightroom.',
  ],
  [/\.(dcm|dicom|ima)$|(^|\/)dicomdir$/i, 'is a DICOM file, which is not read here', AS_IDS('pydicom and Pillow')],
  [/\.(nrrd|nhdr|mha|mhd|zraw|mnc)$/i, 'is a medical volume (NRRD or MetaImage), not an image', AS_IDS('SimpleITK')],
  [
    /\.np[yz]$/i,
    'is an array of NumPy, not an image',
    AS_IDS("Pillow: Image.fromarray(ids.astype('uint8')).save('name.png')"),
  ],
  [/\.mat$/i, 'is a file of MATLAB, not an image', AS_IDS("MATLAB: imwrite(uint8(ids), 'name.png')")],
  [
    /\.(h5|hdf5?|hdf|nc|zarr|n5|tfrecords?|parquet|arrow|lmdb|mdb|pkl|pickle|pt|pth|bin|dat)$/i,
    'is a file of arrays or records, not an image',
    AS_IDS('the library that wrote it, or Pillow'),
  ],
  [
    /\.(svs|ndpi|mrxs|scn|czi|lif|nd2|vsi|lsm|oib|oif|ims|bif|qptiff|dv|stk)$/i,
    'is a microscope image, which browsers do not read',
    'Export it or its tiles as PNG, with Fiji or QuPath.',
  ],
  [/\.(las|laz|ply|pcd|obj|stl|glb|gltf)$/i, 'is a model in three dimensions, not an image', NO_IMAGE],
  [
    /\.(shp|shx|dbf|prj|cpg|geojson|gpkg|kml|kmz)$/i,
    'is a map of shapes (GIS), which is not read here',
    'Draw the shapes into PNG masks, for example with gdal_rasterize.',
  ],
  [
    /\.(z\d\d|zip\.\d{3}|7z\.\d{3}|r\d\d|part\d+\.rar)$/i,
    'is a part of a split archive, which is not read here',
    'Unpack all its parts together, then drop the folder.',
  ],
  [
    /\.(rar|7z|tar|t[gbx]z|tbz2|tzst|txz|tar\.\w+|gz|xz|bz2|zst|lz4?|lzma|cab|iso|dmg|arj|zipx|sit|cpio)$/i,
    'is an archive of a kind that is not read here',
    UNPACK,
  ],
  [/\.zip$/i, 'is an archive inside of what was dropped', 'Unpack it first, or drop it itself.'],
  [/\.(mp4|m4v|webm|mov|mkv)$/i, 'is a video inside of a folder', 'Drop the video itself; its frames are then taken.'],
  [
    /\.(avi|wmv|mpe?g|m2ts|mts|3gp|flv|ogv|vob|ts)$/i,
    'is a video of a kind that browsers do not play',
    'Save it as MP4, then drop it.',
  ],
  [
    /\.(safetensors|onnx|pb|tflite|ckpt|caffemodel|engine)$/i,
    'is a file of a network, not an image',
    'Weights are chosen where a run is made.',
  ],
  [
    /\.(docx?|xlsx?|xlsm|ods|odt|pptx?|rtf|pages|numbers|key)$/i,
    'is a document, not an image',
    'Save a list of classes as .csv or .txt; images as JPEG or PNG.',
  ],
  [
    /\.(md|rst|pdf|html?|log|bib|tex|cff|toml|ini|cfg|conf|url|lnk|webloc|torrent|sha\d*|md5|asc|sig)$/i,
    'is no image',
    NO_IMAGE,
  ],
  [
    /(^|\/)(readme|licen[cs]e|copying|notice|changelog|authors|makefile|dockerfile|version|citation|md5sums?|sha\d+sums?)$/i,
    'is no image',
    NO_IMAGE,
  ],
  [
    /\.(py|ipynb|m|r|jl|c|cc|cpp|h|hpp|java|js|mjs|tsx?|sh|bat|ps1|exe|dll|so|css|lua|go|rs|sql|sqlite3?|db|lock)$/i,
    'is a program or its data, not an image',
    NO_IMAGE,
  ],
  [
    /\.(pgw|jgw|pngw|jpgw|tfw|wld|aux|ovr|xmp|thm|lrcat|pp3|dop|aae|cos|cache|tmp|bak|swp|part|crdownload|download)$/i,
    'is a side file of another program, not an image',
    NO_IMAGE,
  ],
  [/\.(mp3|wav|flac|m4a|ogg|aac)$/i, 'is a sound, not an image', NO_IMAGE],
]

function unreadKind(path: string): (typeof UNREAD)[number] | undefined {
  return UNREAD.find(([endings]) => endings.test(path))
}

/** Why a file of kind `unread` is not read, and the way out. */
export function unreadProblem(path: string): FileProblem {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const unknown = /[^.]\.\w+$/.test(name)
    ? 'has an ending that is not known here, and its first bytes are of no JPEG, PNG or WebP'
    : 'has no ending, and its first bytes are of no JPEG, PNG or WebP'
  const [, what, remedy] = unreadKind(path) ?? [null, unknown, 'If it is an image, save it as JPEG or PNG.']
  return { path, problem: `"${path}" ${what}; it was left out.`, remedy }
}
