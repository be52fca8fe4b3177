import type { ImportFile } from '#shared/contracts/import.ts'
import { importFiles } from '#shared/contracts/import.ts'
import { fold } from '#shared/domain/fold.ts'

/** Words in headings, in five languages, that one kind of file has and the others have not. */
const tellingWords: Record<ImportFile, readonly string[]> = {
  members: ['role', 'rol', 'rolle', 'divisions', 'divisies', 'afdelinger', 'abteilungen', 'bereiche'],
  clients: [
    ...['birth', 'geboortedatum', 'fodselsdato', 'geburtsdatum', 'naissance', 'children', 'kinderen', 'born', 'kinder', 'enfants'],
    ...['first', 'voornaam', 'fornavn', 'vorname', 'prenom', 'phone', 'telefoon', 'telefon', 'telephone'],
    ...['postcode', 'postnummer', 'postleitzahl', 'plz', 'postal'],
  ],
  dossiers: [
    ...['stage', 'fase', 'trin', 'phase', 'etape', 'amount', 'bedrag', 'belob', 'betrag', 'montant', 'status', 'statut'],
    ...['dossier', 'dossiernummer', 'sagsnummer', 'title', 'titel', 'titre', 'provenance', 'herkomst', 'herkunft', 'introducer'],
  ],
}

/** How much of a file is looked at for its headings. */
export const headBytes = 64 * 1024

/** What a file holds, told from its headings; null where they do not tell, or tell two things equally. `head` is how the file begins. */
export function guessKind(head: string): ImportFile | null {
  const firstLine = head.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/, 1)[0] ?? ''
  const found = new Set(fold(firstLine).split(/[^a-z0-9]+/))
  const hits = importFiles.map((kind) => tellingWords[kind].filter((word) => found.has(word)).length)
  const most = Math.max(...hits)
  const winners = importFiles.filter((_, i) => hits[i] === most)
  return most > 0 && winners.length === 1 ? (winners[0] ?? null) : null
}

/** How a file begins, as text. Which letters with accents it has may come out wrong; for the headings' telling words that does not matter. */
export async function headOf(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, headBytes).arrayBuffer())
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}
