import { Extension } from '@tiptap/core'

/**
 * Enter over a selection takes away what is selected first, as a step of its own. Tiptap asks whether a block can be divided before it does
 * so, and throws where it cannot be any more: over parts of several list items nothing would happen (`splitBlock`, 3.31).
 */
export const EnterOverSelection = Extension.create({
  name: 'enterOverSelection',
  // before whatever divides
  priority: 1_000,
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        if (!editor.state.selection.empty) editor.commands.deleteSelection()
        return false
      },
    }
  },
})
