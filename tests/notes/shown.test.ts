import { newPlace } from './page.ts'
import { getRelativeSelection, ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import type { Editor } from '@tiptap/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebsocketProvider } from 'y-websocket'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { makeEditor } from '../../src/lib/components/note/make-editor.ts'

let doc: Y.Doc
let colleague: Y.Doc
let editor: Editor

beforeEach(() => {
  doc = new Y.Doc()
  colleague = new Y.Doc()
  const provider = { awareness: new Awareness(doc) } as unknown as WebsocketProvider
  editor = makeEditor({ element: newPlace(), doc, provider, editable: true, label: 'Note', onchange: () => {} })
})
afterEach(() => {
  editor.destroy()
  doc.destroy()
})

/** What a colleague's browser does with this note in one step. */
function asColleague(edit: (note: Y.XmlFragment) => void): Uint8Array {
  Y.applyUpdate(colleague, Y.encodeStateAsUpdate(doc))
  const before = Y.encodeStateVector(colleague)
  colleague.transact(() => edit(colleague.getXmlFragment(noteField)))
  return Y.encodeStateAsUpdate(colleague, before)
}

const wordsOf = (note: Y.XmlFragment) => (note.get(0) as Y.XmlElement).get(0) as Y.XmlText

describe('an editor shows the text that all share', () => {
  it('L1 also after a step was taken back that was made where the text has ended meanwhile', () => {
    editor.commands.setContent('<p>one two three</p>')
    editor.commands.setTextSelection(editor.state.doc.content.size - 1)
    yUndoPluginKey.getState(editor.state).undoManager.stopCapturing()
    editor.commands.insertContent(' four')
    Y.applyUpdate(
      doc,
      asColleague((note) => wordsOf(note).delete(0, 12)),
      'net',
    )
    editor.commands.undo()
    expect(editor.getText()).toBe('e')
    Y.applyUpdate(
      doc,
      asColleague((note) => wordsOf(note).insert(0, 'precious')),
      'net',
    )
    expect(editor.getText()).toBe('preciouse')
    editor.commands.insertContent('!')
    expect(doc.getXmlFragment(noteField).toString()).toBe('<paragraph>preciouse!</paragraph>')
  })

  it('L1 also when it cannot tell where the caret belongs', () => {
    editor.commands.setContent('<p>one two</p>')
    const { binding } = ySyncPluginKey.getState(editor.state)
    binding.beforeTransactionSelection = { ...getRelativeSelection(binding, editor.state), absAnchor: 99, absHead: 99 }
    Y.applyUpdate(
      doc,
      asColleague((note) => wordsOf(note).insert(0, 'precious ')),
      'net',
    )
    expect(editor.getText()).toBe('precious one two')
    editor.commands.insertContent('!')
    expect(wordsOf(doc.getXmlFragment(noteField)).toString().replace('!', '')).toBe('precious one two')
  })
})
