/** Every card is this high, so that a column of any length is measured by a multiplication. */
export const cardPx = 86
const gapPx = 10
/** From one card's top to the next one's. */
export const pitchPx = cardPx + gapPx
const spare = 3

/** The indices [from, to) of the cards to draw: those in view and a few on either side. */
export function visibleRange(scrollTopPx: number, heightPx: number, count: number): { from: number; to: number } {
  const from = Math.floor(scrollTopPx / pitchPx) - spare
  const to = Math.ceil((scrollTopPx + heightPx) / pitchPx) + spare
  return { from: clamp(from, 0, count), to: clamp(to, 0, count) }
}

/** How high all cards of a column are together. */
export function lengthPx(count: number): number {
  return Math.max(0, count * pitchPx - gapPx)
}

/** Where to scroll to for a card to be wholly in view; where it is already, the present position. */
export function scrollToShow(index: number, scrollTopPx: number, heightPx: number): number {
  const topPx = index * pitchPx
  if (topPx < scrollTopPx) return topPx
  return Math.max(scrollTopPx, topPx + cardPx - heightPx)
}

/** Is at least half of the card in view? */
export function inView(index: number, scrollTopPx: number, heightPx: number): boolean {
  const middlePx = index * pitchPx + cardPx / 2
  return middlePx >= scrollTopPx && middlePx <= scrollTopPx + heightPx
}

/** The card nearest to this height of the column, for going sideways; null in an empty column. */
export function indexNear(yPx: number, count: number): number | null {
  return count === 0 ? null : clamp(Math.round(yPx / pitchPx), 0, count - 1)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
