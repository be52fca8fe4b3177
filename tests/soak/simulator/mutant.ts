import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Core } from './core.ts'

/** One thing done wrong, in one place of the code. */
export interface Mutation {
  name: string
  /** From the project's root. */
  file: string
  /** Stands in the file exactly once. */
  line: string
  instead: string
  /** Takes a rare turn of events to show: looked for in the soak only. */
  isRare?: true
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Inside the project, so that its imports are found; ignored by git. */
const folder = join(root, 'test-results', 'mutants')

/** The core with this mutation in it, from a copy of its sources. Throws where the line is not there: then the mutation has to move along. */
export async function mutated({ name, file, line, instead }: Mutation): Promise<Core> {
  const copy = join(folder, name.replaceAll(/\W+/g, '-'))
  rmSync(copy, { recursive: true, force: true })
  for (const part of ['server/rooms', 'server/store', 'src/lib/notes']) {
    mkdirSync(join(copy, part), { recursive: true })
    cpSync(join(root, part), join(copy, part), { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
  }
  cpSync(join(root, 'server/log.ts'), join(copy, 'server/log.ts'))
  const source = readFileSync(join(copy, file), 'utf8')
  if (source.split(line).length !== 2) throw new Error(`${file} has not exactly one "${line}"`)
  writeFileSync(
    join(copy, file),
    source.replace(line, () => instead),
  )
  const [{ Hall }, { NoteSession }, { NotesSocket }] = (await Promise.all(
    ['server/rooms/hall.ts', 'src/lib/notes/note-session.ts', 'src/lib/notes/notes-socket.ts'].map(
      (path) => import(/* @vite-ignore */ join(copy, path)),
    ),
  )) as [Core, Core, Core]
  return { Hall, NoteSession, NotesSocket }
}

/** Takes the copies away. */
export function removeMutants(): void {
  rmSync(folder, { recursive: true, force: true })
}

export const mutations: readonly Mutation[] = [
  {
    name: 'calls saved what is only queued',
    file: 'server/rooms/room.ts',
    line: "    this.#queue.push({ kind: 'update', from, frame, received, bytes, fresh, seq: 0 })\n",
    instead: "    this.#queue.push({ kind: 'update', from, frame, received, bytes, fresh, seq: 0 })\n    from.stored(frame)\n",
  },
  {
    name: 'sends on what is not stored',
    file: 'server/rooms/room.ts',
    line: "    this.#queue.push({ kind: 'update', from, frame, received, bytes, fresh, seq: 0 })\n",
    instead:
      "    this.#queue.push({ kind: 'update', from, frame, received, bytes, fresh, seq: 0 })\n    spread(this.#participants, [{ from, bytes }])\n",
  },
  {
    name: 'answers a first sync before the flush',
    file: 'server/rooms/room.ts',
    line: 'if (!this.#isBusy) return participant.answer(messages)',
    instead: 'return participant.answer(messages)',
  },
  {
    name: 'takes a failed commit for done',
    file: 'server/rooms/append-log.ts',
    line: 'for (const batch of batches) batch.appender.fail(error)',
    instead: "for (const batch of batches) batch.appender.settle(batch.appends.map(() => 'stored' as const))",
  },
  {
    name: 'goes on without the right after the fence',
    file: 'server/rooms/room.ts',
    line: 'if (!right.write) this.withdraw(from)',
    instead: 'void right.write',
  },
  {
    name: 'judges the right before it reads the fence',
    file: 'server/rooms/environment.ts',
    line: `  const fence = await store.fence(officeId, note)
  return { fence, ...(await judge(officeId, memberId, note)) }`,
    instead: `  const right = await judge(officeId, memberId, note)
  return { fence: await store.fence(officeId, note), ...right }`,
  },
  {
    name: 'shows an empty note where it cannot be loaded',
    file: 'server/rooms/note-body.ts',
    line: 'const body = new NoteBody(updates.at(-1)?.seq ?? snapshot?.seq ?? 0)',
    instead: 'const body = new NoteBody(updates.at(-1)?.seq ?? snapshot?.seq ?? 0)\n    if (updates.length > 3) return { body, left: [] }',
  },
  {
    name: 'forgets what follows a snapshot',
    file: 'server/rooms/note-body.ts',
    line: 'body.#parts = [snapshot.bytes, ...updates.map(({ bytes }) => bytes)]',
    instead: 'body.#parts = [snapshot.bytes]',
  },
  {
    name: 'counts one frame too many as saved',
    file: 'server/rooms/seat.ts',
    line: '    this.#stored = frames\n',
    instead: '    this.#stored = frames + 1\n',
  },
  {
    name: 'calls saved what was only sent',
    file: 'src/lib/notes/save-ledger.ts',
    line: 'return this.#savedEdits < this.#edits',
    instead: 'return this.#sent.length === 0 && this.#savedEdits < this.#edits',
  },
  {
    name: 'keeps in the room what a withdrawn right wrote',
    file: 'server/rooms/room.ts',
    line: '    this.#queue = this.#queue.filter((waiting) => waiting.from !== participant)\n    this.#spoil()\n',
    instead: '    this.#queue = this.#queue.filter((waiting) => waiting.from !== participant)\n',
  },
  {
    name: 'takes a number that is taken for stored',
    file: 'server/rooms/waiting.ts',
    line: "    if (result !== 'stored') return { stored: index, result }\n",
    instead: "    if (result === 'fenced') return { stored: index, result }\n",
  },
  {
    name: 'forgets a room before it is empty',
    isRare: true,
    file: 'server/rooms/registry.ts',
    line: '    await room.whenIdle()\n',
    instead: '',
  },
  {
    name: 'leaves the last update out of a snapshot',
    file: 'server/rooms/compactor.ts',
    line: 'await this.#compact({ snapshot, updates })',
    instead: 'await this.#compact({ snapshot, updates: updates.slice(0, -1) })',
  },
  {
    name: 'does not notice a gap',
    isRare: true,
    file: 'server/rooms/validator.ts',
    line: 'const integrated = integrate(structs, known)\n',
    instead: 'const integrated = integrate(structs, known) ?? { clocks: new Map<number, number>(), order: [...structs] }\n',
  },
  {
    name: 'does not judge what waits again when the note was read anew',
    isRare: true,
    file: 'server/rooms/room.ts',
    line: 'else if (!this.#hear(each.from, each.frame, each.bytes) && !this.#doubts.has(each.from)) out.add(each.from)',
    instead: 'else this.#queue.push(each)',
  },
  {
    name: 'takes over the number of what another node wrote, and not the text',
    file: 'server/rooms/room.ts',
    line: '        missed.map(({ bytes }) => bytes),\n',
    instead: '        [],\n',
  },
]
