import { newMember } from '#shared/contracts/member.ts'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NoteGrant } from '#shared/contracts/notes-wire.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { createLog } from '../../server/log.ts'
import { systemClock } from '../../server/rooms/clock.ts'
import { createNotesServer, type NotesServer, type NotesServerOptions } from '../../server/rooms/notes-server.ts'
import { createNoteDocument, applyStored } from '../../server/rooms/note-document.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { SeatedMember, Store } from '../../server/store/store.ts'
import { textFieldOf } from '../harness/text-field.ts'
import { GatedStore } from './gated-store.ts'
import { Tab } from './tab.ts'

export const officeId: Id = 'office00000000001'
export const ana: Id = 'memberAna00000001'
export const bo: Id = 'memberBo000000001'
export const vic: Id = 'memberVic00000001'
export const noteA: Id = 'dossierA000000001'
export const noteB: Id = 'dossierB000000001'

const names: Record<Id, string> = { [ana]: 'Ana', [bo]: 'Bo', [vic]: 'Vic' }

const member = (id: Id, colour: number): SeatedMember => ({
  id,
  name: names[id] ?? id,
  email: `${id}@office.example`,
  role: 'adviser',
  divisionIds: [],
  language: 'en',
  ...newMember,
  state: 'active',
  colour,
  accountId: null,
})

export const actor = (memberId: Id): Actor => ({
  officeId,
  memberId,
  role: 'adviser',
  divisionIds: [],
  ownerIds: [],
  seesAll: true,
  divisionsOn: false,
})

/** A notes server on a port of its own, over a real store in a folder of its own, with rights that the test sets. */
export class TestOffice {
  readonly store: Store
  readonly gate: GatedStore
  /** Who may do less than everything: by `member` or `member/note`. */
  readonly rights = new Map<string, { read: boolean; write: boolean }>()
  server: NotesServer
  port = 0
  readonly #dir: string
  readonly #options: Partial<NotesServerOptions>
  readonly #tabs = new Set<Tab>()
  readonly #http = createServer((request, response) => {
    const [, dossierId, ahead] = /^\/api\/v1\/dossiers\/([^/]+)\/note\/grant(?:\?ahead=(\d))?$/.exec(request.url ?? '') ?? []
    const memberId = memberOf(request.headers.cookie)
    if (!dossierId || !memberId) return response.writeHead(memberId ? 404 : 401).end()
    this.server.grant(actor(memberId), dossierId, Number(ahead ?? 0)).then(
      (grant) => response.writeHead('code' in grant ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(grant)),
      () => response.writeHead(503).end(),
    )
  })

  private constructor(dir: string, store: Store, options: Partial<NotesServerOptions>) {
    this.#dir = dir
    this.store = store
    this.gate = new GatedStore(store)
    this.#options = options
    this.server = this.createServer()
    this.#http.on('upgrade', (request, socket, head) => this.server.handleUpgrade(request, socket, head))
  }

  /** `place`: the folder its own is made in. */
  static async start(options: Partial<NotesServerOptions> = {}, place = tmpdir()): Promise<TestOffice> {
    const dir = await mkdtemp(join(place, 'codossier-notes-'))
    const store = await openSqliteStore({ dataDir: dir })
    const puts = [ana, bo, vic].map((id, colour) => ({ kind: 'member' as const, record: member(id, colour) }))
    await store.commit({ officeId, expect: 0, events: [], puts, answers: [], fences: [] })
    const office = new TestOffice(dir, store, options)
    await new Promise<void>((resolve) => office.#http.listen(0, '127.0.0.1', resolve))
    office.port = (office.#http.address() as AddressInfo).port
    return office
  }

  get databasePath(): string {
    return join(this.#dir, 'office.db')
  }

  createServer(): NotesServer {
    return createNotesServer({
      store: this.gate.port,
      log: createLog('silent'),
      clock: systemClock,
      authenticate: async (headers) => {
        const memberId = memberOf(headers.get('cookie') ?? undefined)
        return memberId ? { actor: actor(memberId), sessionKey: `session of ${memberId}` } : null
      },
      judge: async (_officeId, memberId, note) =>
        this.rights.get(`${memberId}/${note}`) ?? this.rights.get(memberId) ?? { read: true, write: true },
      idleMs: 50,
      versions: { store: this.store, isKept: async () => true, rhythm: { leftMs: 5 } },
      // whom a stop sends away is back at once
      random: () => 0,
      ...this.#options,
    })
  }

  /** A browser tab of this member; null: nobody is signed in. */
  tab(memberId: Id | null): Tab {
    const tab = new Tab(this, memberId)
    this.#tabs.add(tab)
    return tab
  }

  /** This tab was closed: nothing of it is kept. */
  forget(tab: Tab): void {
    this.#tabs.delete(tab)
  }

  async grant(memberId: Id, note: Id): Promise<NoteGrant> {
    const grant = await this.server.grant(actor(memberId), note)
    if ('code' in grant) throw new Error(grant.code)
    return grant
  }

  /** Sets a right as a command would: the fence is raised in the same commit, and the server hears of it afterwards. */
  async setRight(memberId: Id, note: Id, right: { read: boolean; write: boolean }): Promise<void> {
    this.rights.set(`${memberId}/${note}`, right)
    await this.store.commit({ officeId, expect: 0, events: [], puts: [], answers: [], fences: [note] })
  }

  /** The text that the log amounts to. */
  async storedText(note: Id): Promise<string> {
    const { snapshot, updates } = await this.store.note(officeId, note)
    const doc = createNoteDocument()
    applyStored(doc, [...(snapshot ? [snapshot.bytes] : []), ...updates.map(({ bytes }) => bytes)])
    return doc.getXmlFragment(textFieldOf(note)).toString()
  }

  async close(): Promise<void> {
    for (const tab of this.#tabs) tab.close()
    this.gate.release()
    await this.server.drain()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
    await this.store.close()
    await rm(this.#dir, { recursive: true })
  }
}

function memberOf(cookie: string | undefined): Id | null {
  return /member=(\w+)/.exec(cookie ?? '')?.[1] ?? null
}
