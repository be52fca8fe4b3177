import type { Id } from '#shared/contracts/ids.ts'
import { decodeFrame, decodeOpen, encodeOpen } from '#shared/contracts/notes-frame.ts'
import { access, close, kind, type OpenChannel } from '#shared/contracts/notes-wire.ts'
import { isUpdate } from '../../../server/rooms/messages.ts'
import type { NotesSocket } from '../../../src/lib/notes/notes-socket.ts'
import type { Person } from './person.ts'
import type { Random } from './random.ts'

/** What may become of an honest channel: the line is gone, come back, or a right was withdrawn. */
const honestEnds: ReadonlySet<number> = new Set([1006, close.again, close.stopping, close.rightWithdrawn, close.noRight])
const repeatsMs = 400

/** Another line of the same person, on which what they say in a note is said once more: twice, and often before it came on their own. */
export class Parrot {
  readonly violations: string[] = []
  readonly #random: Random
  readonly #last = new Map<Id, OpenChannel>()
  readonly #repeating = new Map<Id, (open: OpenChannel, payload: Uint8Array) => void>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Listens to one line of a person. */
  listener({ id }: Person): (bytes: Uint8Array<ArrayBuffer>) => void {
    const opens = new Map<number, OpenChannel>()
    return (bytes) => {
      const frame = decodeFrame(bytes)
      if (!frame) return
      const open = frame.kind === kind.open ? decodeOpen(frame.payload) : opens.get(frame.channel)
      if (!open) return
      opens.set(frame.channel, open)
      this.#last.set(id, open)
      if (frame.kind === kind.data && isUpdate(frame.payload)) this.#repeating.get(id)?.(open, frame.payload.slice())
    }
  }

  /** For a while repeats, over `socket`, much of what this person says in the note that they spoke in last. */
  repeat({ id }: Person, socket: NotesSocket): void {
    const said = this.#last.get(id)
    if (!said || this.#repeating.has(id)) return
    const number = socket.add({
      openPayload: encodeOpen(said),
      opened: (as) => {
        if (as !== access.write) return
        this.#repeating.set(id, (open, payload) => {
          if (open.note === said.note && this.#random.chance(0.5)) socket.send(number, kind.data, payload)
        })
      },
      received: () => {},
      saved: () => {},
      closed: (code) => {
        this.#repeating.delete(id)
        if (!honestEnds.has(code)) this.violations.push(`${said.note}: what was said once more was refused with ${code}`)
      },
    })
    setTimeout(() => {
      this.#repeating.delete(id)
      socket.remove(number)
    }, repeatsMs)
  }
}
