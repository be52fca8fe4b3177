import { readFile } from 'node:fs/promises'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Stage } from '#shared/contracts/stage.ts'
import type { ImportFile } from '#shared/contracts/import.ts'
import { type ImportResult, planImport } from '../import/plan.ts'

/** The stages an office begins with, in their order; the last is the closing one (S4.9). */
export function defaultStages(newId: () => Id): Stage[] {
  return beginnings.map(([usualDays, en, nl, da, de, fr], place) => ({
    id: newId(),
    names: { en, nl, da, de, fr },
    closing: place === beginnings.length - 1,
    usualDays,
  }))
}

const beginnings: [usualDays: number | null, en: string, nl: string, da: string, de: string, fr: string][] = [
  [14, 'Client created', 'Klant aangemaakt', 'Klient oprettet', 'Kunde angelegt', 'Client créé'],
  [21, 'Documents received', 'Stukken ontvangen', 'Dokumenter modtaget', 'Unterlagen erhalten', 'Documents reçus'],
  [14, 'Bank appointment', 'Bankafspraak', 'Bankmøde', 'Banktermin', 'RDV banque'],
  [10, 'Offer received', 'Offerte ontvangen', 'Tilbud modtaget', 'Angebot erhalten', 'Offre reçue'],
  [7, 'Offer signed', 'Offerte getekend', 'Tilbud underskrevet', 'Angebot unterschrieben', 'Signature de l’offre'],
  [null, 'Dossier closed', 'Dossier afgesloten', 'Sag afsluttet', 'Dossier abgeschlossen', 'Dossier clôturé'],
]

/** The frame of the sample office before its people come in: settings and stages, nobody yet. */
export function sampleFrame(officeId: Id, newId: () => Id): Frame {
  return {
    office: {
      id: officeId,
      name: 'Office Amstel & Rhône',
      language: 'en',
      currency: 'EUR',
      timeZone: 'Europe/Amsterdam',
      divisionsOn: true,
      seesWhat: 'everyone',
    },
    members: [],
    owners: [],
    divisions: [],
    stages: defaultStages(newId),
  }
}

type SampleFile = ImportFile | 'contracts' | 'dossiers-faulty' | 'klanten-nl'

/** The text of one of the sample's files. */
export function sampleFile(name: Exclude<SampleFile, 'klanten-nl'>): Promise<string> {
  return readFile(new URL(`./data/${name}.csv`, import.meta.url), 'utf8')
}

/** One of the sample's files as it is on disk. */
export function sampleBytes(name: SampleFile): Promise<Uint8Array> {
  return readFile(new URL(`./data/${name}.csv`, import.meta.url))
}

/**
 * The plan that puts the sample's people, clients and dossiers into an office, to be committed as event `n`. The frame is `sampleFrame`'s,
 * or a new office's own, with divisions on and the stages of `defaultStages`. Faults only where that office has one of the sample's
 * addresses already.
 */
export async function samplePlan(input: { frame: Frame; n: number; newId: () => Id }): Promise<ImportResult> {
  const [members, clients, dossiers] = await Promise.all([sampleFile('members'), sampleFile('clients'), sampleFile('dossiers')])
  return planImport({ ...input, members, clients, dossiers })
}
