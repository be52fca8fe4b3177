import type { KeyBindings } from '$lib/keys.svelte.ts'
import { m } from '$paraglide/messages.js'
import { type CardIntention, plain, shifted } from './card-keys.ts'

const words: Record<CardIntention, () => string> = {
  up: m.quick_card_up,
  down: m.quick_card_down,
  left: m.quick_card_left,
  right: m.quick_card_right,
  pageUp: m.quick_card_page_up,
  pageDown: m.quick_card_page_down,
  first: m.quick_card_first,
  last: m.quick_card_last,
  moveBack: m.quick_card_move_back,
  moveOn: m.quick_card_move_on,
  moveTo: m.board_move_to,
  owner: m.board_edit_owner,
}

/** The keys of a card with their words, for the sheet of all keys. */
export function cardKeys(): KeyBindings {
  const listed = (keys: Record<string, CardIntention>, prefix: string) =>
    Object.entries(keys).map(([key, intention]) => [prefix + key, { label: words[intention]() }] as const)
  return Object.fromEntries([...listed(plain, ''), ...listed(shifted, 'Shift+'), ['Enter', { label: m.dossiers_opens_key() }]])
}
