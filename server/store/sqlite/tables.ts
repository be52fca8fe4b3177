import type { DatabaseSync } from 'node:sqlite'
import { answerTable } from './answers.ts'
import { clientTable } from './clients.ts'
import { commentTable } from './comments.ts'
import { copyKeyTable } from './copy-keys.ts'
import { dossierTable } from './dossiers.ts'
import { eventTable } from './events.ts'
import { noteTable } from './notes.ts'
import { officeTable } from './offices.ts'
import { recordTable, type Shelves } from './records.ts'
import { uploadTable } from './uploads.ts'

/** Every table of a connection, with its statements prepared. */
export function tablesOn(db: DatabaseSync) {
  const records = recordTable(db)
  const clients = clientTable(db)
  const dossiers = dossierTable(db)
  const { shelf } = records
  const shelves: Shelves = {
    office: shelf('office'),
    member: shelf('member'),
    owner: shelf('owner'),
    division: shelf('division'),
    stage: shelf('stage'),
    counter: shelf('counter'),
    link: shelf('link'),
    visit: shelf('visit'),
    token: shelf('token'),
    comment: shelf('comment'),
    mention: shelf('mention'),
    erasure: shelf('erasure'),
    import: shelf('import'),
    importDetail: shelf('importDetail'),
    client: clients.shelf,
    dossier: dossiers.shelf,
  }
  return {
    offices: officeTable(db),
    records,
    comments: commentTable(db),
    clients,
    dossiers,
    events: eventTable(db),
    answers: answerTable(db),
    notes: noteTable(db),
    copyKeys: copyKeyTable(db),
    uploads: uploadTable(db),
    shelves,
  }
}
export type Tables = ReturnType<typeof tablesOn>
