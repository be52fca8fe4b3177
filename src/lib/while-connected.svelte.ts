import type { Attachment } from 'svelte/attachments'
import { on } from 'svelte/events'
import { m } from '$paraglide/messages.js'
import { live } from './live/live.svelte.ts'
import { toasts } from './toasts.svelte.ts'

/** What would set a command off. A list opens with the pointer's press, and changes by key. */
const deeds = ['click', 'dragstart'] as const
const deedsOfLists = [...deeds, 'mousedown', 'keydown'] as const
/** They lead out of a list, and change nothing. */
const leaving: ReadonlySet<string> = new Set(['Tab', 'Shift', 'Escape'])

/** Why no command can be sent; null: it can. Reactive. */
export function whyHeldBack(): string | null {
  return live.isOffline ? m.offline_locked() : null
}

/** For keys, hands and the palette, where no control could say it: whether nothing can be sent, which is then said. */
export function isHeldBack(): boolean {
  const why = whyHeldBack()
  if (why !== null) toasts.show({ text: why, tone: 'bad' })
  return why !== null
}

/**
 * For every control that sends a command, or a group of them: `<Button {@attach whileConnected}>`. Without a connection it is greyed, can still
 * be reached, says why, and does nothing; it works again with the first moment of the connection.
 */
export const whileConnected: Attachment<HTMLElement> = (control) => {
  const why = whyHeldBack()
  if (why === null) return
  const undress = dress(control, wornWhileHeld(control, why))
  const stops = (control.matches('select') ? deedsOfLists : deeds).map((type) => on(control, type, holdBack, { capture: true }))
  return () => {
    for (const stop of stops) stop()
    undress()
  }
}

function holdBack(event: Event): void {
  if (event instanceof KeyboardEvent && leaving.has(event.key)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  isHeldBack()
}

type Attributes = Record<string, string | null>

/** Null: the attribute is off, as a description that would be read in place of the reason. */
function wornWhileHeld(control: HTMLElement, why: string): Attributes {
  const isText = control.matches('textarea, input:not([type="checkbox"], [type="radio"])')
  const worn = { 'data-held': '', 'aria-disabled': 'true', 'aria-describedby': null, 'aria-description': why, title: why }
  return isText ? { ...worn, readonly: '' } : worn
}

/** Puts the attributes on, and on again where its component sets them anew; the way back leaves them as the component wants them by then. */
function dress(element: HTMLElement, worn: Attributes): () => void {
  const own = new Map<string, string | null>()
  const look = (name: string) => own.set(name, element.getAttribute(name))
  const wear = (name: string) => (look(name), put(element, name, worn[name] ?? null))
  const watch = new MutationObserver((records) => {
    for (const name of namesIn(records)) wear(name)
    watch.takeRecords()
  })
  for (const name of Object.keys(worn)) wear(name)
  watch.observe(element, { attributeFilter: Object.keys(worn) })
  return () => {
    for (const name of namesIn(watch.takeRecords())) look(name)
    watch.disconnect()
    for (const [name, value] of own) put(element, name, value)
  }
}

const namesIn = (records: readonly MutationRecord[]) => new Set(records.flatMap(({ attributeName }) => attributeName ?? []))

function put(element: HTMLElement, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name)
  else element.setAttribute(name, value)
}
