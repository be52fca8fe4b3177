import type { Awareness } from 'y-protocols/awareness'
import type { Id } from '#shared/contracts/ids.ts'
import type { WriterState } from '#shared/contracts/notes-wire.ts'

/** How long a colleague's name stands at the caret after it moved; then it shrinks to a dot. */
const nameStandsMs = 2_000

type Writer = Partial<NonNullable<WriterState['user']>>

const timers = new WeakMap<Element, ReturnType<typeof setTimeout>>()

/** A colleague's caret. The name is drawn by CSS: as text in the editor it would be copied along and read out. */
export function caretOf(user: Writer): HTMLElement {
  const caret = document.createElement('span')
  caret.className = 'caret'
  caret.setAttribute('aria-hidden', 'true')
  caret.dataset.member = user.memberId ?? ''
  // the first name is enough among colleagues, and hides less of the line above
  caret.dataset.name = user.name?.split(' ')[0] ?? ''
  caret.style.setProperty('--c', colourOf(user))
  showName(caret)
  return caret
}

/** What a colleague has selected, tinted in their colour. */
export function selectionOf(user: Writer): { nodeName: string; class: string; style: string } {
  return { nodeName: 'span', class: 'picked', style: `--c: ${colourOf(user)}` }
}

function colourOf({ colour }: Writer): string {
  return `var(--p${(colour ?? 0) + 1})`
}

function showName(caret: Element): void {
  clearTimeout(timers.get(caret))
  caret.classList.add('moved')
  timers.set(
    caret,
    setTimeout(() => caret.classList.remove('moved'), nameStandsMs),
  )
}

/** Lets names stand again when their carets move inside `editor`. Returns the way out. */
export function watchCarets(awareness: Awareness, editor: HTMLElement): () => void {
  const last = new Map<number, string>()
  const moved = (clientId: number): Id | null => {
    const state = awareness.getStates().get(clientId) as WriterState | undefined
    const cursor = JSON.stringify(state?.cursor ?? null)
    if (last.get(clientId) === cursor) return null
    last.set(clientId, cursor)
    return state?.user?.memberId ?? null
  }
  const onChange = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }) => {
    for (const clientId of removed) last.delete(clientId)
    for (const clientId of [...added, ...updated]) {
      const memberId = moved(clientId)
      if (memberId === null || clientId === awareness.clientID) continue
      for (const caret of editor.querySelectorAll(`.caret[data-member="${CSS.escape(memberId)}"]`)) showName(caret)
    }
  }
  awareness.on('change', onChange)
  return () => awareness.off('change', onChange)
}
