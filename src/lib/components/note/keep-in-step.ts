import type { Editor } from '@tiptap/core'
import { TextSelection } from '@tiptap/pm/state'
import { ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import type { Transaction, UndoManager, XmlFragment, YEvent } from 'yjs'

type Observe = (events: YEvent<XmlFragment>[], transaction: Transaction) => void

/** What this needs of y-tiptap's binding between the shared text and the editor. */
interface Binding {
  type: XmlFragment
  _observeFunction: Observe
  _forceRerender(): void
  /** Where the caret is to be after the next change from outside; null: where it is. */
  beforeTransactionSelection: unknown
}

/**
 * Lets the editor show the shared text in any case. y-tiptap puts the caret back after each change from outside, and sometimes looks for it
 * where the text has ended meanwhile: it throws, the change is not shown, and the next letter typed here would take it away from everybody.
 * https://github.com/ueberdosis/y-tiptap/issues/48
 */
export function keepInStep(editor: Editor): void {
  const binding = bindingOf(editor)
  if (!binding) return
  const observe = binding._observeFunction
  binding.type.unobserveDeep(observe)
  binding._observeFunction = (events, transaction) => {
    try {
      observe(events, transaction)
    } catch {
      showAnew(editor, binding)
    }
  }
  binding.type.observeDeep(binding._observeFunction)
  // undo leaves there where the caret once was, which the next change of a colleague then goes by
  undoManagerOf(editor)?.on('stack-item-popped', () => (binding.beforeTransactionSelection = null))
}

function bindingOf(editor: Editor): Binding | undefined {
  const sync = ySyncPluginKey.getState(editor.state) as { binding: Binding | null } | undefined
  return sync?.binding ?? undefined
}

function undoManagerOf(editor: Editor): UndoManager | undefined {
  return (yUndoPluginKey.getState(editor.state) as { undoManager: UndoManager } | undefined)?.undoManager
}

/** The whole text once more, with the caret about where it was. */
function showAnew({ state, view }: Editor, binding: Binding): void {
  const { head } = state.selection
  binding._forceRerender()
  const { doc, tr } = view.state
  view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(Math.min(head, doc.content.size)))))
}
