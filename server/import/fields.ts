import type { ImportFile } from '#shared/contracts/import.ts'
import { fold } from '#shared/domain/fold.ts'

/** A field that a column may fill. `required`: of new records. `words`: how headings call it, folded, in five languages. */
export interface ImportField {
  name: string
  required: boolean
  form: 'text' | 'date' | 'amount'
  words: readonly string[]
}

const text = (name: string, words: string, required = false): ImportField => ({ name, required, form: 'text', words: words.split('|') })
const date = (name: string, words: string, required = false): ImportField => ({ ...text(name, words, required), form: 'date' })

const division = text('division', 'divisie|afdeling|abteilung|bereich|equipe|agence')
const ownerEmail = text(
  'owner_email',
  'owner|owner e-mail|eigenaar|ejer|betreuer|eigentumer|proprietaire|responsable|adviseur|radgiver|berater|conseiller',
)
const reference = text(
  'client_ref',
  'reference|klantnummer|klantnr|klient|kundenummer|klientnummer|kundennummer|kunde|client|numero client|reference client|client number',
  true,
)

/** The fields of each kind of file, in the order they are offered. */
export const importFields: Record<ImportFile, readonly ImportField[]> = {
  members: [
    text('email', 'e-mail|mail|adresse e-mail|e-mailadres|courriel', true),
    text('name', 'naam|navn|nom', true),
    text('role', 'rol|rolle', true),
    text('divisions', 'division|divisies|afdelinger|abteilungen|bereiche|equipes'),
    text('language', 'taal|sprog|sprache|langue'),
  ],
  clients: [
    reference,
    text('first_name', 'first name|voornaam|fornavn|vorname|prenom'),
    text('last_name', 'last name|surname|achternaam|efternavn|nachname|name|nom|nom de famille', true),
    date('birth_date', 'birth date|date of birth|geboortedatum|fodselsdato|geburtsdatum|date de naissance|naissance'),
    text('email', 'e-mail|mail|e-mailadres|courriel'),
    text('phone', 'telephone|telefoon|telefon|tel'),
    text('street', 'address|straat|adres|gade|adresse|strasse|rue'),
    text('postcode', 'postal code|zip|postnummer|postnr|plz|postleitzahl|code postal'),
    text('city', 'town|plaats|woonplaats|stad|by|ort|stadt|ville'),
    text('language', 'taal|sprog|sprache|langue'),
    text(
      'partner_first_name',
      'partner first name|voornaam partner|partners fornavn|fornavn partner|vorname partner|prenom conjoint|prenom du conjoint',
    ),
    text(
      'partner_last_name',
      'partner last name|achternaam partner|partners efternavn|efternavn partner|nachname partner|nom conjoint|nom du conjoint',
    ),
    date(
      'partner_birth_date',
      'partner birth date|geboortedatum partner|fodselsdato partner|geburtsdatum partner|naissance conjoint|date de naissance conjoint',
    ),
    text('partner_status', 'status partner|statut conjoint'),
    date('partner_status_date', 'statusdatum partner|status date partner|date statut conjoint'),
    text('children', 'kinderen|born|kinder|enfants'),
    text('advice_for', 'advies voor|radgivning til|beratung fur|conseil pour'),
    ownerEmail,
    division,
  ],
  dossiers: [
    text('number', 'dossiernummer|nummer|sagsnummer|sagsnr|numero|numero de dossier|dossier', true),
    reference,
    text('title', 'titel|titre|omschrijving|bezeichnung|objet', true),
    text('kind', 'kind of advice|soort advies|soort|radgivningstype|beratungsart|art|type de conseil'),
    text('subject', 'advies voor|radgivning til|beratung fur|conseil pour'),
    { ...ownerEmail, words: [...ownerEmail.words.filter((word) => word !== 'owner'), 'owner email'] },
    text('owner', 'owner name|naam eigenaar|ejers navn|name des betreuers|nom du responsable'),
    division,
    text('status', 'statut', true),
    text('stage', 'fase|trin|phase|etape', true),
    date('created_on', 'created|aangemaakt|aangemaakt op|oprettet|angelegt|angelegt am|cree le|date de creation|date', true),
    { ...text('amount', 'bedrag|belob|betrag|montant'), form: 'amount' },
    text('provenance', 'herkomst|oprindelse|herkunft|provenance'),
    text('introducer', 'tussenpersoon|formidler|zubringer|apporteur|apporteur d affaires'),
    text('complete', 'compleet|komplet|vollstandig|complet|dossier complet'),
    text('abandon_reason', 'reason for abandoning|reden|reden van stoppen|arsag|grund|motif|motif d abandon'),
    text('note', 'notitie|notat|notiz|note interne'),
  ],
}

const keyOfHeading = (heading: string) =>
  fold(heading)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

/** The column (from 0) that fills each field, guessed from the headings: by the field's own name, else by what it is called elsewhere. */
export function guessMapping(file: ImportFile, headings: readonly string[]): Record<string, number> {
  const keys = headings.map(keyOfHeading)
  const taken = new Set<number>()
  const mapping: Record<string, number> = {}
  const take = (name: string, words: readonly string[]) => {
    const index = keys.findIndex((key, i) => key !== '' && !taken.has(i) && words.includes(key))
    if (index < 0 || mapping[name] !== undefined) return
    mapping[name] = index
    taken.add(index)
  }
  for (const { name } of importFields[file]) take(name, [keyOfHeading(name)])
  for (const { name, words } of importFields[file]) take(name, words.map(keyOfHeading))
  return mapping
}
