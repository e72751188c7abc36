/** Predictions side by side (the paper's Fig. 9), cropped on small things. */

import type { ClassDefinition } from '../../domain/classes'
import { cssColor } from '../../domain/color'
import type { Rectangle } from '../../domain/size'
import { decodeLabelPng } from '../../image/label-png'
import { paintClasses } from '../../image/paint'
import type { StudyPart } from '../../study/study-line'
import type { LinePictures } from '../../study/study-outcome'
import type { MeasuredLine, StudySummary } from '../../study/summary'
import { canvasOf, dataUrlOf, pngOfBytes } from '../canvas'
import { type Html, html } from '../html'
import { NOTHING } from '../labels-over-image'
import { bestWindow, cropped } from './crops'
import { ablationName, ablationRank, settingName } from './format'

/** A row of pictures: a window of an image, as a recipe's networks see it. */
export interface PictureRow {
  image: string
  pictures: { name: string; source: string | null }[]
}

export interface PictureGrid {
  name: string
  classes: ClassDefinition[]
  rows: PictureRow[]
}

const MOST_ROWS = 3
const JPEG_QUALITY = 0.85

type Shown = MeasuredLine & { pictures: LinePictures }

/** Lines of a part with pictures, of its first seed that has any. */
function shownLines({ curves }: StudySummary, part: StudyPart, settingKey: string): Shown[] {
  const lines = curves
    .filter(({ parts, setting }) => parts.includes(part.name) && setting.key === settingKey)
    .flatMap((curve) => curve.lines)
    .flatMap((line) => (line.pictures ? [{ ...line, pictures: line.pictures }] : []))
  const seed = Math.min(...lines.map(({ line }) => line.config.seed))
  const rank = ({ line }: Shown) => ablationRank(line.config.selection.method)
  return lines.filter(({ line }) => line.config.seed === seed).sort((a, b) => rank(a) - rank(b))
}

/** The pictures of a part, a grid for each setting. They are cropped here, so that a page holds what it shows alone. */
export async function pictureGrids(summary: StudySummary, part: StudyPart): Promise<PictureGrid[]> {
  const grids: PictureGrid[] = []
  const settings = summary.settings.filter(({ key }) => shownLines(summary, part, key).length > 0)
  for (const setting of settings) {
    const lines = shownLines(summary, part, setting.key)
    const [first] = lines
    if (!first) continue
    const full = summary.allLabels.flatMap((line) =>
      line.line.recipe === setting.recipe && line.pictures ? [{ ...line, pictures: line.pictures }] : [],
    )
    const allLabels = full.find(({ line }) => line.config.seed === first.line.config.seed) ?? full[0]
    const columns = [
      ...lines.map((line) => ({ name: ablationName(line.line.config.selection.method), pictures: line.pictures })),
      ...(allLabels ? [{ name: 'All labels', pictures: allLabels.pictures }] : []),
    ]
    grids.push({
      name: settingName(setting, settings),
      classes: first.pictures.classes,
      rows: await rowsOf(columns, first.measures.classes.thin),
    })
  }
  return grids
}

interface Column {
  name: string
  pictures: LinePictures
}

async function rowsOf(columns: readonly Column[], thin: readonly number[]): Promise<PictureRow[]> {
  const [{ pictures } = { pictures: null }] = columns
  if (!pictures) return []
  const windows: { image: LinePictures['images'][number]; truth: Uint8Array; window: Rectangle; pixels: number }[] = []
  for (const image of pictures.images) {
    const truth = image.truth && (await idsOf(image.truth))
    const window = truth && bestWindow(truth, pictures.size, thin)
    if (truth && window) windows.push({ image, truth, window, pixels: window.pixels })
  }
  windows.sort((a, b) => b.pixels - a.pixels)
  const rows: PictureRow[] = []
  for (const { image, truth, window } of windows.slice(0, MOST_ROWS)) {
    const paint = async (ids: Uint8Array | null) =>
      ids && pngOfBytes(paintClasses(cropped(ids, pictures.size.width, window), pictures.classes, NOTHING), window)
    const predictions: PictureRow['pictures'] = []
    for (const column of columns) {
      const its = column.pictures.images.find(({ name }) => name === image.name)
      const isAlike = column.pictures.size.width === pictures.size.width
      predictions.push({ name: column.name, source: await paint(its && isAlike ? await idsOf(its.prediction) : null) })
    }
    rows.push({
      image: image.name,
      pictures: [
        { name: 'Input', source: await jpegCrop(image.image, window) },
        ...predictions,
        { name: 'Truth', source: await paint(truth) },
      ],
    })
  }
  return rows
}

async function idsOf(png: string): Promise<Uint8Array | null> {
  const { values } = decodeLabelPng(bytesOf(png))
  return values instanceof Uint8Array ? values : null
}

function bytesOf(dataUrl: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (sign) => sign.charCodeAt(0))
}

async function jpegCrop(jpeg: string, { x, y, width, height }: Rectangle): Promise<string> {
  const bitmap = await createImageBitmap(new Blob([bytesOf(jpeg)], { type: 'image/jpeg' }), x, y, width, height)
  const { canvas, context } = canvasOf({ width, height })
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return dataUrlOf(await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY }))
}

export function picturesSection(grids: readonly PictureGrid[]): Html {
  const shown = grids.filter(({ rows }) => rows.length > 0)
  if (shown.length === 0) return html`<p class="soft">No run of this figure has pictures yet.</p>`
  return html`${shown.map(
    ({ name, rows }) => html`${name && html`<h3>${name}</h3>`}
<div class="scroll" tabindex="0" role="region" aria-label="Pictures${name && `, ${name}`}"><table class="pictures">
<thead><tr>${rows[0]?.pictures.map((picture) => html`<th scope="col">${picture.name}</th>`) ?? null}</tr></thead>
<tbody>${rows.map(
      ({ image, pictures }) =>
        html`<tr>${pictures.map(({ name: column, source }) =>
          source
            ? html`<td><img src="${source}" alt="${column} of ${image}"></td>`
            : html`<td><span class="soft">not kept</span></td>`,
        )}</tr>`,
    )}</tbody></table></div>`,
  )}
<ul class="legend">${shown[0]?.classes.map(({ name, color }) => html`<li><span class="chip" style="background: ${cssColor(color)}"></span>${name}</li>`) ?? null}</ul>
<p class="note">Of the last round, of one seed. Each window is the one of its image with the most pixels of the thin classes in the ground truth.</p>`
}
