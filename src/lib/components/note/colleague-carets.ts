import type { Editor } from '@tiptap/core'
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret'
import { relativePositionToAbsolutePosition, yCursorPlugin, yCursorPluginKey, ySyncPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'

interface SyncState {
  doc: Y.Doc
  type: Y.XmlFragment
  binding: { mapping: Parameters<typeof relativePositionToAbsolutePosition>[3] } | null
}

/**
 * The others' carets, of which those are left out that stand nowhere in this text. As it comes, the plugin throws on some of them in
 * the middle of a transaction, and the editor takes nothing more.
 */
export const ColleagueCarets = CollaborationCaret.extend({
  addProseMirrorPlugins() {
    const { editor } = this
    const { provider, render, selectionRender } = this.options
    const others = (this.parent?.() ?? []).filter((plugin) => plugin.spec.key !== yCursorPluginKey)
    const carets = yCursorPlugin(provider.awareness, {
      awarenessStateFilter: (own: number, clientId: number, state: unknown) => own !== clientId && standsIn(syncState(editor), state),
      cursorBuilder: render,
      selectionBuilder: selectionRender,
    })
    return [...others, carets]
  },
})

function syncState(editor: Editor): SyncState | undefined {
  return ySyncPluginKey.getState(editor.state) as SyncState | undefined
}

/** Does this state of a colleague hold a caret that stands somewhere in the text? */
export function standsIn(sync: SyncState | undefined, state: unknown): boolean {
  const mapping = sync?.binding?.mapping
  if (!mapping || typeof state !== 'object' || state === null || !('cursor' in state)) return false
  try {
    const { anchor, head } = state.cursor as { anchor: unknown; head: unknown }
    const places = [anchor, head].map((place) =>
      relativePositionToAbsolutePosition(sync.doc, sync.type, Y.createRelativePositionFromJSON(place), mapping),
    )
    return places.every((place) => Number.isSafeInteger(place))
  } catch {
    return false
  }
}
