import type { Hall } from '../../../server/rooms/hall.ts'
import type { NoteSession } from '../../../src/lib/notes/note-session.ts'
import type { NotesSocket } from '../../../src/lib/notes/notes-socket.ts'

/** The code under test, as it is or with something wrong in it. */
export interface Core {
  Hall: typeof Hall
  NoteSession: typeof NoteSession
  NotesSocket: typeof NotesSocket
}
