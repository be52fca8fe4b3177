import * as encoding from 'lib0/encoding'
import { encodeFrame, encodeOpen } from '#shared/contracts/notes-frame.ts'
import { kind, NoteGrant } from '#shared/contracts/notes-wire.ts'
import { signedIn } from '../../harness/member.ts'
import type { Bench } from '../bench.ts'
import type { PreparedOffice } from '../offices.ts'
import type { ServerProcess } from '../server-process.ts'
import type { Place } from './place.ts'

export const subjectNames = ['ours', 'hocuspocus', 'hocuspocus + SQLite', 'y-websocket', 'raw relay'] as const
export type SubjectName = (typeof subjectNames)[number]

/** A server that notes are typed on. */
export interface Subject {
  name: SubjectName
  server: ServerProcess
  /** A place in the note of this number, for the writer of this number; a new one each time. */
  place(note: number, writer: number): Promise<Place>
}

/** Starts these servers, each in a process of its own. */
export async function startSubjects(bench: Bench, names: readonly SubjectName[]): Promise<Subject[]> {
  const subjects: Subject[] = []
  for (const name of names) subjects.push(await starts[name](bench))
  return subjects
}

export async function stopSubjects(subjects: readonly Subject[]): Promise<void> {
  for (const { server } of subjects) await server.stop()
}

const starts: Record<SubjectName, (bench: Bench) => Promise<Subject>> = {
  ours: async (bench) => startOurs(bench, await bench.offices.sample()),
  hocuspocus: async (bench) => hocuspocus('hocuspocus', await bench.server('hocuspocus')),
  'hocuspocus + SQLite': (bench) => startHocuspocus(bench, bench.offices.folder('hocuspocus.db')),
  'y-websocket': async (bench) => byPath('y-websocket', await bench.server('yjs-relay'), true),
  'raw relay': async (bench) => byPath('raw relay', await bench.server('note-relay'), false),
}

/** The product as `npm start` runs it, with its store: who writes is signed in, and has a grant. */
export async function startOurs(bench: Bench, { dataDir, cookies }: PreparedOffice): Promise<Subject> {
  const server = await bench.server('office', [dataDir])
  const dossiers = await dossierIds(server.url, cookies[0] ?? '')
  return {
    name: 'ours',
    server,
    place: async (index, writer) => {
      const note = dossiers[index] ?? ''
      const member = signedIn(server.url, cookies[writer % cookies.length] ?? '')
      const grant = NoteGrant.parse(await (await member.post(`/api/v1/dossiers/${note}/note/grant`, {})).json())
      return {
        port: server.port,
        path: '/notes',
        headers: { cookie: member.cookie, origin: server.url },
        note,
        clientId: grant.clientId,
        ask: encodeFrame(channel, kind.open, encodeOpen({ note, epoch: grant.epoch, schema: grant.schema, clientId: grant.clientId })),
        prefix: encodeFrame(channel, kind.data, new Uint8Array()),
        syncs: true,
      }
    },
  }
}

/** Hocuspocus with its SQLite storage in this file. */
export async function startHocuspocus(bench: Bench, file: string): Promise<Subject> {
  return hocuspocus('hocuspocus + SQLite', await bench.server('hocuspocus', [file]))
}

const channel = 1
const authMessage = 2
const token = 0

/** All dossiers in the order in which their notes are numbered. */
export async function dossierIds(url: string, cookie: string): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const response = await signedIn(url, cookie).get(`/api/v1/dossiers?offset=${ids.length}&limit=500`)
    const { dossiers } = (await response.json()) as { dossiers: { id: string }[] }
    if (dossiers.length === 0) return ids
    ids.push(...dossiers.map(({ id }) => id))
  }
}

function hocuspocus(name: SubjectName, server: ServerProcess): Subject {
  return {
    name,
    server,
    place: async (index) => {
      const note = `note-${index}`
      const begin = (write: (encoder: encoding.Encoder) => void) =>
        encoding.encode((encoder) => {
          encoding.writeVarString(encoder, note)
          write(encoder)
        })
      const ask = begin((encoder) => {
        encoding.writeVarUint(encoder, authMessage)
        encoding.writeVarUint(encoder, token)
        encoding.writeVarString(encoder, 'anybody')
      })
      const prefix = begin(() => undefined)
      return { port: server.port, path: '/', headers: {}, note, clientId: anyClientId(), ask, prefix, syncs: true }
    },
  }
}

/** A server with a path for each note. */
function byPath(name: SubjectName, server: ServerProcess, syncs: boolean): Subject {
  const prefix = new Uint8Array()
  return {
    name,
    server,
    place: async (index) => {
      const note = `note-${index}`
      return { port: server.port, path: `/${note}`, headers: {}, note, clientId: anyClientId(), ask: null, prefix, syncs }
    },
  }
}

/** As Yjs chooses it. */
function anyClientId(): number {
  return Math.floor(Math.random() * 2 ** 32)
}
