import { newPlace } from './page.ts'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { makeEditor } from '../../src/lib/components/note/make-editor.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { ana } from './office.ts'

it('S4.12 who is named in an open text is shown under the name they have now, and the text is not written for it', () => {
  const doc = new Y.Doc()
  const paragraph = new Y.XmlElement('paragraph')
  const mention = new Y.XmlElement('mention')
  mention.setAttribute('id', ana)
  paragraph.insert(0, [new Y.XmlText('For '), mention, new Y.XmlText(' to see')])
  doc.getXmlFragment(noteField).insert(0, [paragraph])
  let name = 'Ana Bos'
  const place = newPlace()
  const editor = makeEditor({ element: place, doc, editable: true, label: 'Comment', nameOf: () => name, onchange: () => {} })
  let written = 0
  doc.on('update', () => written++)
  const shown = () => place.querySelector('.tiptap')?.textContent
  expect(shown()).toBe('For @Ana Bos to see')
  name = 'Ana Sørensen'
  editor.commands.redrawMentions()
  expect(shown()).toBe('For @Ana Sørensen to see')
  expect(editor.getText()).toBe('For @Ana Sørensen to see')
  editor.commands.insertContentAt(1, 'Only ')
  expect(shown()).toBe('Only For @Ana Sørensen to see')
  expect(written).toBe(1)
  editor.commands.selectAll()
  editor.commands.deleteSelection()
  editor.commands.redrawMentions()
  expect(shown()).toBe('')
  editor.destroy()
})
