import type { Editor } from '@tiptap/core'
import { ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import type { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { WriterState } from '#shared/contracts/notes-wire.ts'
import type { Look } from '$lib/notes/versions/look.ts'
import type { Authors } from '$lib/notes/versions/note-authors.ts'
import { Rescue } from '$lib/notes/versions/rescue.ts'
import { restore } from '$lib/notes/versions/restore.ts'

/** What was written by colleagues this long before somebody looked at the versions is taken for being written still, in milliseconds. */
const freshMs = 60_000

const rescues = new WeakMap<Y.Doc, Rescue>()

function rescueOf(doc: Y.Doc): Rescue {
  const rescue = rescues.get(doc) ?? new Rescue(doc)
  rescues.set(doc, rescue)
  return rescue
}

/**
 * Makes the note say what a version says, as one step of one's own that undo takes back. What colleagues wrote since `look`, or shortly before
 * it, stays, and so do the paragraphs they are in.
 */
export function restoreVersion(
  editor: Editor,
  {
    doc,
    provider,
    version,
    authors,
    look,
  }: { doc: Y.Doc; provider: WebsocketProvider; version: Y.Doc; authors: Authors | null; look: Look },
): void {
  const rescue = rescueOf(doc)
  const isSpared = (client: number, clock: number): boolean => {
    if (rescue.holds(client, clock)) return true
    if (client === doc.clientID) return false
    return clock >= (look.clocks.get(client) ?? 0) || (authors?.writtenAt(client, clock) ?? 0) > look.at - freshMs
  }
  const { undoManager } = yUndoPluginKey.getState(editor.state) as { undoManager: Y.UndoManager }
  undoManager.stopCapturing()
  rescue.watch(restore(doc, version, { isSpared, carets: caretsIn(doc, provider), origin: ySyncPluginKey }))
  undoManager.stopCapturing()
}

/** What the others' carets stand in. */
function caretsIn(doc: Y.Doc, { awareness }: WebsocketProvider): Set<Y.AbstractType<unknown>> {
  const types = new Set<Y.AbstractType<unknown>>()
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue
    const type = standsIn(doc, (state as WriterState).cursor)
    if (type) types.add(type)
  }
  return types
}

function standsIn(doc: Y.Doc, cursor: unknown): Y.AbstractType<unknown> | null {
  if (typeof cursor !== 'object' || cursor === null || !('head' in cursor)) return null
  try {
    return Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(cursor.head), doc)?.type ?? null
  } catch {
    // a caret that stands nowhere
    return null
  }
}
