/** Places the tour's card. All in pixels of the window. */
import { overlapOf, type Rectangle, type Size } from '../../../domain/size'

/** Pixels between the card and its target, and between the card and the window's edge. */
const GAP = 14

/** A rectangle grown by `margin` on each side. */
export function widened({ x, y, width, height }: Rectangle, margin: number): Rectangle {
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }
}

/**
 * Upper left corner of a card beside `target`: below or above a flat target, right or left of a tall one, else on any side with room.
 * Where no side has room, the card lies inside the target at its lower edge.
 */
export function placeCard(target: Rectangle, card: Size, screen: Size): { x: number; y: number } {
  const within = (value: number, size: number, all: number) => Math.max(GAP, Math.min(value, all - size - GAP))
  const x = within(target.x + (target.width - card.width) / 2, card.width, screen.width)
  const y = within(target.y, card.height, screen.height)
  const beside = [
    { x: target.x + target.width + GAP, y },
    { x: target.x - card.width - GAP, y },
  ]
  const stacked = [
    { x, y: target.y + target.height + GAP },
    { x, y: target.y - card.height - GAP },
  ]
  const isFlat = target.height < card.height / 2
  const places = isFlat ? [...stacked, ...beside] : [...beside, ...stacked]
  const inner = { x: 0, y: 0, ...screen }
  const fits = (place: { x: number; y: number }) => {
    const seen = overlapOf(widened({ ...place, ...card }, GAP), inner)
    return seen?.width === card.width + 2 * GAP && seen.height === card.height + 2 * GAP
  }
  return places.find(fits) ?? { x, y: within(target.y + target.height - card.height - GAP, card.height, screen.height) }
}
