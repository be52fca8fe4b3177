/** What a key wants of the card that has the focus. */
export type CardIntention =
  'up' | 'down' | 'left' | 'right' | 'pageUp' | 'pageDown' | 'first' | 'last' | 'moveBack' | 'moveOn' | 'moveTo' | 'owner'

/** Keys of a card by what they want. */
export const plain: Record<string, CardIntention> = {
  ArrowUp: 'up',
  k: 'up',
  ArrowDown: 'down',
  j: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  Home: 'first',
  End: 'last',
  s: 'moveTo',
  o: 'owner',
}

export const shifted: Record<string, CardIntention> = { ArrowLeft: 'moveBack', ArrowRight: 'moveOn' }

/** Reads a key by the letter on its cap; null for what is none of the board's business (Enter opens the link by itself). */
export function intentionOf(key: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>): CardIntention | null {
  if (key.ctrlKey || key.metaKey || key.altKey) return null
  return (key.shiftKey ? shifted : plain)[key.key] ?? null
}
