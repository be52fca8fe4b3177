import { untrack } from 'svelte'
import type { ClientHit } from '#shared/contracts/client.ts'
import type { NoteHit } from '#shared/contracts/note-hit.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { fetchJson } from '$lib/live/fetch-json.ts'
import { live } from '$lib/live/live.svelte.ts'
import { m } from '$paraglide/messages.js'
import { textOfDossier } from './dossier-texts.ts'
import { type Entry, type Group, type GroupKey, matchingEntries, opening } from './find.ts'
import { best } from './ranking.ts'
import { noteRecent, recentKeys } from './recent.ts'
import { clientEntry, deedEntries, dossierEntry, noteEntry, peopleEntries, recentDossiers, screenEntries } from './sources.ts'

const mostDossiers = 8
const mostOthers = 5
const mostRecent = 5
const typingPauseMs = 150

/** One opening of the palette: what is asked, and what answers it. */
export class PaletteSearch {
  query = $state('')
  #clients: Entry[] = $state.raw([])
  #notes: Entry[] = $state.raw([])
  #rows: DossierRow[] = $derived(live.workspace.rows())
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0
  /** As they were when it opened: what can be done does not change under one's hands. */
  readonly #deeds = untrack(deedEntries)
  readonly #recent = recentKeys(live.workspace.memberId)

  /** The lines to show, in groups; what answers best stands first. */
  readonly groups: Group[] = $derived.by(() => (this.query.trim() ? this.#found(this.query) : this.#opening()))

  ask(query: string): void {
    this.query = query
    clearTimeout(this.#timer)
    const asked = ++this.#asked
    if (!query.trim()) this.#clients = this.#notes = []
    else this.#timer = setTimeout(() => void this.#askServer(query, asked), typingPauseMs)
  }

  /** Does what the line says, and remembers it for the next time. */
  run(entry: Entry): void {
    noteRecent(live.workspace.memberId, entry.key)
    entry.run()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#asked++
  }

  #opening(): Group[] {
    const { frame, me } = live.workspace
    const recent = recentDossiers(frame, this.#recent, (id) => live.workspace.row(id))
    const groups: Group[] = [
      { key: 'here', entries: this.#deeds },
      { key: 'screens', entries: screenEntries(me, m.settings_title()) },
      { key: 'people', entries: peopleEntries(frame, m.quick_dossiers_of()).filter((person) => this.#recent.includes(person.key)) },
      { key: 'dossiers', entries: recent },
    ]
    return opening(groups, this.#recent, mostRecent).filter(({ key }) => key !== 'dossiers' && key !== 'people')
  }

  #found(query: string): Group[] {
    const { frame, me } = live.workspace
    const dossiers = best(this.#rows, query, mostDossiers, textOfDossier, (row) => row.changedAt)
    const parts: { key: GroupKey; entries: Entry[]; best: number }[] = [
      { key: 'here', ...matchingEntries(this.#deeds, query, mostOthers) },
      { key: 'dossiers', entries: dossiers.map(({ one }) => dossierEntry(frame, one)), best: dossiers[0]?.score ?? 0 },
      { key: 'clients', entries: this.#clients, best: 0 },
      { key: 'notes', entries: this.#notes, best: 0 },
      { key: 'people', ...matchingEntries(peopleEntries(frame, m.quick_dossiers_of()), query, mostOthers) },
      { key: 'screens', ...matchingEntries(screenEntries(me, m.settings_title()), query, mostOthers) },
    ]
    return parts.filter(({ entries }) => entries.length > 0).sort((a, b) => b.best - a.best)
  }

  async #askServer(search: string, asked: number): Promise<void> {
    const question = { search, limit: mostOthers }
    const [clients, notes] = await Promise.all([
      fetchJson<{ clients: ClientHit[] }>('/api/v1/clients/search', question).catch(() => null),
      fetchJson<{ notes: NoteHit[] }>('/api/v1/notes/search', question).catch(() => null),
    ])
    if (asked !== this.#asked) return
    this.#clients = clients?.clients.map(clientEntry) ?? []
    this.#notes = notes?.notes.map(noteEntry) ?? []
  }
}
