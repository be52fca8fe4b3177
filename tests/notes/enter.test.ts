import { newPlace } from './page.ts'
import { Editor } from '@tiptap/core'
import { TextSelection } from '@tiptap/pm/state'
import { afterEach, describe, expect, it } from 'vitest'
import { noteExtensions } from '../../src/lib/notes/editor-schema.ts'

const content = '<ul><li><p>one</p><ul><li><p>in</p></li><li><p></p></li></ul></li><li><p>two</p><p>more</p></li></ul><p>end</p>'

let editor: Editor
afterEach(() => editor.destroy())

describe('Enter', () => {
  it('S4.15 over any selection, across list items too, takes it away and throws nowhere', () => {
    editor = new Editor({ element: newPlace(), extensions: noteExtensions, content })
    const whole = editor.state.doc
    const thrown: string[] = []
    for (let from = 0; from <= whole.content.size; from++) {
      for (let to = from; to <= whole.content.size; to++) {
        const { view } = editor
        view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, whole.content))
        view.dispatch(view.state.tr.setSelection(TextSelection.between(view.state.doc.resolve(from), view.state.doc.resolve(to))))
        try {
          view.someProp('handleKeyDown', (handle) => handle(view, new KeyboardEvent('keydown', { key: 'Enter' })))
        } catch (error) {
          thrown.push(`${from}-${to}: ${String(error)}`)
        }
        view.state.doc.check()
      }
    }
    expect(thrown).toEqual([])
  })
})
