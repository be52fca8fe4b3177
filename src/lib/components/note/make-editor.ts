import { Editor, type Extensions } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import type { EditorView } from '@tiptap/pm/view'
import type { WebsocketProvider } from 'y-websocket'
import type { Doc } from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { mayLink } from '#shared/contracts/note-contents.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { extensionsOf } from '../../notes/editor-schema.ts'
import { AuthorColours } from './authors/author-colours.ts'
import { caretOf, selectionOf } from './carets.ts'
import { ColleagueCarets } from './colleague-carets.ts'
import { keepInStep } from './keep-in-step.ts'
import { reducePaste } from './reduce-paste.ts'

interface EditorParts {
  element: HTMLElement
  doc: Doc
  /** Which of the document's texts. */
  field?: string
  /** Given: colleagues write here too, and their carets are shown. */
  provider?: WebsocketProvider
  editable: boolean
  label: string
  /** The name of a member who is named in the text. */
  nameOf?: (memberId: Id) => string
  /** Keys of the place it stands in, asked before its own; true: it was one. */
  handleKey?: (event: KeyboardEvent) => boolean
  /** What this place has beyond what every text has. */
  extensions?: Extensions
  /** Content or selection changed. */
  onchange: () => void
}

/** The editor of one text, bound to its shared document and to the others' carets. Whoever makes it destroys it. */
export function makeEditor(parts: EditorParts): Editor {
  const { element, doc, field = noteField, provider, editable, label, nameOf = () => '', handleKey, extensions = [], onchange } = parts
  const editor = new Editor({
    element,
    editable,
    // styles come with the page
    injectCSS: true,
    extensions: [
      ...extensionsOf(nameOf),
      Collaboration.configure({ document: doc, field }),
      // the server says who somebody is: what a client says about itself is not believed
      ...(provider ? [ColleagueCarets.configure({ provider, user: {}, render: caretOf, selectionRender: selectionOf })] : []),
      AuthorColours,
      ...extensions,
    ],
    editorProps: {
      attributes: { class: 'note-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, spellcheck: 'true' },
      transformPastedHTML: reducePaste,
      handleKeyDown: (view, event) => handleKey?.(event) === true || leaveOnEscape(view, event),
      handleClick: openLink,
    },
    onTransaction: onchange,
  })
  keepInStep(editor)
  return editor
}

/** `Esc` backs out of the text, so that the page's keys work again. */
function leaveOnEscape(view: EditorView, event: KeyboardEvent): boolean {
  if (event.key !== 'Escape' || view.composing) return false
  view.dom.blur()
  return true
}

/** In a text that is written in, a click places the caret; with Ctrl or Cmd it follows the link. */
function openLink(view: EditorView, _position: number, event: MouseEvent): boolean {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const address = link?.getAttribute('href')
  if (!address || !mayLink(address) || (view.editable && !event.ctrlKey && !event.metaKey)) return false
  window.open(address, '_blank', 'noopener,noreferrer')
  return true
}
