import { newPlace } from './page.ts'
import type { Editor } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { AllSelection, TextSelection } from '@tiptap/pm/state'
import { makeEditor } from '../../src/lib/components/note/make-editor.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { type Dice, oneOf } from './dice.ts'
import type { Tab, TestSession } from './tab.ts'

const words = [
  'rente ',
  'looptijd ',
  'Sørensen ',
  'hypotheek ',
  'né ',
  '🙂 ',
  '€ 250.000 ',
  'a',
  ', ',
  '. ',
  '👨‍👩‍👧 ',
  '- ',
  '1. ',
  '* ',
  '**dik** ',
  '3. ',
]
const addresses = ['https://bank.example/offer?id=7', 'mailto:ana@office.example', 'tel:+31295596482', 'http://office.example']
const pastes = [
  '<p>one</p><p><b>two</b> <i>three</i></p>',
  '<ul><li>first<ol start="4"><li>inner</li></ol></li><li><p>second</p><p>more</p></li></ul>',
  '<h2>A heading</h2><blockquote>quoted</blockquote><pre>code</pre><table><tr><td>a</td><td>b</td></tr></table>',
  '<p><a href="https://bank.example" style="font-weight:700" onclick="x()">link</a><br>and <img src="x"> <u>under</u> <s>strike</s></p>',
  '<p><a href="javascript:alert(1)">no link</a><script>x</script></p>',
]

/** Somebody writing in a note with the product's own editor. */
export class Author {
  readonly tab: Tab
  readonly session: TestSession
  readonly editor: Editor
  /** How many updates this editor made. */
  made = 0

  private constructor(tab: Tab, session: TestSession) {
    const { doc, provider } = session.session
    if (!doc || !provider) throw new Error('the text is not there yet')
    this.tab = tab
    this.session = session
    doc.on('update', (_bytes: Uint8Array, origin: unknown) => {
      if (origin !== provider) this.made++
    })
    this.editor = makeEditor({ element: newPlace(), doc, provider, editable: true, label: 'Note', onchange: () => {} })
  }

  /** Opens the note as the product does; resolves when its text is there. */
  static async open(tab: Tab, note: Id): Promise<Author> {
    const session = tab.session(note)
    await session.until(() => session.session.doc !== null && session.session.provider !== null)
    return new Author(tab, session)
  }

  get size(): number {
    return this.editor.state.doc.content.size
  }

  /** The text as it stands in the editor, marks and all. */
  get shown(): string {
    return JSON.stringify(this.editor.getJSON())
  }

  /** Types a text at the caret, letter by letter or in one go, with the shortcuts that typing has (`- ` begins a list). */
  type(text: string): void {
    const { view } = this.editor
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(text, from, to)
    const handled = view.someProp('handleTextInput', (handle) => handle(view, from, to, text, insert))
    if (!handled) view.dispatch(insert())
  }

  press(key: string, more: KeyboardEventInit = {}): void {
    const { view } = this.editor
    const event = new KeyboardEvent('keydown', { key, ...more })
    if (view.someProp('handleKeyDown', (handle) => handle(view, event)) || key !== 'Backspace') return
    const { $from, from, empty } = view.state.selection
    // the rest is the browser's: it takes away a letter, an emoji's both halves
    const letter = [...($from.parent.textBetween(0, $from.parentOffset, undefined, ' ') || '')].at(-1) ?? ''
    if (empty && letter) view.dispatch(view.state.tr.delete(from - letter.length, from))
  }

  paste(html: string): void {
    this.editor.view.pasteHTML(html, new window.Event('paste') as ClipboardEvent)
  }

  /** Puts the caret, or a selection of so many letters, near a place. */
  select(at: number, length = 0): void {
    const { state, view } = this.editor
    const [from, to] = [between(state.doc, at), between(state.doc, at + length)]
    view.dispatch(state.tr.setSelection(TextSelection.between(state.doc.resolve(from), state.doc.resolve(to))))
  }

  selectAll(): void {
    const { state, view } = this.editor
    view.dispatch(state.tr.setSelection(new AllSelection(state.doc)))
  }

  /** Does something that people do, at a place of its own choice. */
  act(dice: Dice): void {
    if (dice(3) === 0) this.select(dice(this.size + 1), dice(3) === 0 ? dice(30) : 0)
    if (this.size > 800) {
      this.select(dice(this.size), this.size >> 1)
      this.editor.commands.deleteSelection()
      return
    }
    const kind = dice(100)
    const { commands } = this.editor
    if (kind < 45) this.type(oneOf(dice, words))
    else if (kind < 55) this.press(oneOf(dice, ['Enter', 'Backspace', 'Delete', 'Tab', 'Enter', 'Backspace']), { shiftKey: dice(6) === 0 })
    else if (kind < 68) this.#mark(dice)
    else if (kind < 78) oneOf(dice, [() => commands.toggleBulletList(), () => commands.toggleOrderedList()])()
    else if (kind < 82) oneOf(dice, [() => commands.sinkListItem('listItem'), () => commands.liftListItem('listItem')])()
    else if (kind < 91) oneOf(dice, [() => commands.undo(), () => commands.redo()])()
    else if (kind < 94) this.paste(oneOf(dice, pastes))
    else if (kind < 97) commands.setHardBreak()
    else this.#drag(dice)
  }

  #mark(dice: Dice): void {
    const { commands, state } = this.editor
    if (state.selection.empty) this.select(dice(this.size + 1), 1 + dice(20))
    oneOf(dice, [
      () => commands.toggleBold(),
      () => commands.toggleItalic(),
      () => commands.toggleUnderline(),
      () => commands.toggleStrike(),
      () => commands.setLink({ href: oneOf(dice, addresses) }),
      () => commands.unsetLink(),
    ])()
  }

  /** Takes a piece from one place to another, in one step. */
  #drag(dice: Dice): void {
    const { state, view } = this.editor
    this.select(dice(this.size), 1 + dice(60))
    const slice = view.state.selection.content()
    const { tr } = view.state
    tr.deleteSelection()
    const to = between(tr.doc, dice(tr.doc.content.size + 1))
    tr.setSelection(TextSelection.near(tr.doc.resolve(to))).replaceSelection(slice)
    if (tr.docChanged || state !== view.state) view.dispatch(tr)
  }

  close(): void {
    this.editor.destroy()
  }
}

/** The place at or just before `at` that is in the document and, as with every caret, not inside a letter of two halves. */
function between(doc: Node, at: number): number {
  const place = Math.min(at, doc.content.size)
  const { parent, parentOffset } = doc.resolve(place)
  const before = parent.isTextblock ? parent.textBetween(0, parentOffset, undefined, ' ') : ''
  return before.isWellFormed() ? place : place - 1
}
