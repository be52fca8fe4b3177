import Clock from '@lucide/svelte/icons/clock'
import FileText from '@lucide/svelte/icons/file-text'
import NotebookText from '@lucide/svelte/icons/notebook-text'
import Settings from '@lucide/svelte/icons/settings'
import UsersRound from '@lucide/svelte/icons/users-round'
import type { ClientHit } from '#shared/contracts/client.ts'
import type { NoteHit } from '#shared/contracts/note-hit.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Actor } from '#shared/domain/access.ts'
import { householdName } from '#shared/domain/household.ts'
import { goto } from '$app/navigation'
import { offered } from '$lib/deeds.svelte.ts'
import { statusLabel } from '$lib/field-label.ts'
import { faceOf, stageLabel } from '$lib/people.ts'
import { places } from '../places.ts'
import { sectionsFor } from '../settings/sections.ts'
import type { Entry } from './find.ts'

const open = (href: string) => () => void goto(href)

/** A dossier as a line: number and household, with its title and stage. */
export function dossierEntry(frame: Frame, row: DossierRow): Entry {
  const detail = [row.title, row.status === 'abandoned' ? statusLabel(row.status) : stageLabel(frame, row.stageId)]
  return {
    key: dossierKey(row.id),
    label: `${row.number} · ${householdName(row.clientName, row.partnerName)}`,
    detail: detail.filter(Boolean).join(' · '),
    icon: FileText,
    run: open(`/dossiers/${row.id}`),
  }
}

const dossierKey = (id: Id) => `dossier:${id}`

/** The dossiers among what was used last, as they are now. */
export function recentDossiers(frame: Frame, keys: readonly string[], row: (id: Id) => DossierRow | undefined): Entry[] {
  return keys.flatMap((key) => {
    const found = key.startsWith(dossierKey('')) ? row(key.slice(dossierKey('').length)) : undefined
    return found ? [{ ...dossierEntry(frame, found), icon: Clock }] : []
  })
}

/** A dossier found by its note: a line leads to it. */
export function noteEntry(hit: NoteHit): Entry {
  return {
    key: `note:${hit.dossierId}`,
    label: `${hit.number} · ${hit.name}`,
    detail: hit.excerpt,
    icon: NotebookText,
    run: open(`/dossiers/${hit.dossierId}`),
  }
}

export function clientEntry(client: ClientHit): Entry {
  return {
    key: `client:${client.id}`,
    label: client.name,
    detail: client.detail,
    icon: UsersRound,
    run: open(`/clients/${client.id}`),
  }
}

/** Whoever may own dossiers: a line leads to theirs in the list. */
export function peopleEntries(frame: Frame, detail: string): Entry[] {
  return frame.owners.map((owner) => ({
    key: `person:${owner.id}`,
    label: owner.name,
    detail,
    face: faceOf(frame, owner.id),
    run: open(`/dossiers?owner=${owner.id}`),
  }))
}

export function screenEntries(me: Actor | null, settings: string): Entry[] {
  return [
    ...places.map(({ href, label, icon, shortcut }) => ({ key: `screen:${href}`, label: label(), icon, shortcut, run: open(href) })),
    ...sectionsFor(me).map(({ href, label }) => ({
      key: `screen:${href}`,
      label: label(),
      detail: settings,
      icon: Settings,
      run: open(href),
    })),
  ]
}

/** What can be done here and now, with the key that does the same. */
export function deedEntries(): Entry[] {
  return offered().map(({ id, ...deed }) => ({ key: `deed:${id}`, ...deed }))
}
