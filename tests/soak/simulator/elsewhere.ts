import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { Disk } from './disk.ts'

const memberId: Id = 'memberElsewhere01'

/** Another node, whose appends a server hears of late. */
export class Elsewhere {
  /** Client ids that it wrote under. */
  readonly clients = new Set<number>()
  readonly #disk: Disk

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Is faster: takes the number that a room counted on. Returns that number. */
  write(officeId: Id, note: Id): number {
    const { seq, fence } = this.#disk.note(note)
    const client = this.#disk.grant(note, memberId)
    this.clients.add(client)
    const bytes = lineFrom(client)
    this.#disk.append({ officeId, note, epoch: 1, seq: seq + 1, memberId, at: Date.now(), bytes, fence })
    return seq + 1
  }
}

function lineFrom(client: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  const line = new Y.XmlElement('paragraph')
  line.insert(0, [new Y.XmlText('elsewhere')])
  doc.getXmlFragment(noteField).insert(0, [line])
  return Y.encodeStateAsUpdate(doc)
}
