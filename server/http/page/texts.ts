import type { Language } from '#shared/contracts/language.ts'

/** What the page itself says; what it shows of the document is English. */
export interface Texts {
  skip: string
  parts: string
  languages: string
  shapes: string
  /** By the document's own tag. */
  tags: Record<string, string>
  title: (name: string) => string
  version: (version: string) => string
  where: [before: string, between: string, after: string]
  /** Null: the page is in the document's language. */
  english: string | null
  open: string
  bySession: string
  byToken: [before: string, after: string]
  body: string
  parameters: string
  columns: { name: string; where: string; what: string; meaning: string }
  needed: string
  places: Record<string, string>
}

/** The languages, each by its own name. */
export const languageNames: Record<Language, string> = { en: 'English', nl: 'Nederlands', da: 'Dansk', de: 'Deutsch', fr: 'Français' }

export const texts: Record<Language, Texts> = {
  en: {
    skip: 'Skip to the content',
    parts: 'Parts',
    languages: 'Language',
    shapes: 'Shapes',
    tags: {
      commands: 'Commands',
      dossiers: 'Dossiers',
      clients: 'Clients',
      office: 'Office',
      me: 'Me',
      workspace: 'Workspace',
      imports: 'Imports',
      entrance: 'Entrance',
    },
    title: (name) => `${name} API`,
    version: (version) => `version ${version}`,
    where: ['Everything is below ', '. This page as a document for programs: ', '.'],
    english: null,
    open: 'Open to who is not signed in.',
    bySession: 'Takes a session; no token reaches it.',
    byToken: ['Takes a session, or a token of scope ', '.'],
    body: 'Body',
    parameters: 'Parameters',
    columns: { name: 'Name', where: 'Where', what: 'What', meaning: 'Meaning' },
    needed: 'needed',
    places: { path: 'path', query: 'query', header: 'header', cookie: 'cookie' },
  },
  nl: {
    skip: 'Naar de inhoud',
    parts: 'Onderdelen',
    languages: 'Taal',
    shapes: 'Vormen',
    tags: {
      commands: 'Opdrachten',
      dossiers: 'Dossiers',
      clients: 'Klanten',
      office: 'Kantoor',
      me: 'Ik',
      workspace: 'Werkruimte',
      imports: 'Imports',
      entrance: 'Toegang',
    },
    title: (name) => `API van ${name}`,
    version: (version) => `versie ${version}`,
    where: ['Alles staat onder ', '. Deze pagina als document voor programma’s: ', '.'],
    english: 'Wat bij de afzonderlijke verzoeken staat, komt uit dat document en is in het Engels.',
    open: 'Open voor wie niet is aangemeld.',
    bySession: 'Vraagt een sessie; geen token komt erbij.',
    byToken: ['Vraagt een sessie, of een token met bereik ', '.'],
    body: 'Inhoud',
    parameters: 'Parameters',
    columns: { name: 'Naam', where: 'Waar', what: 'Wat', meaning: 'Betekenis' },
    needed: 'verplicht',
    places: { path: 'pad', query: 'query', header: 'header', cookie: 'cookie' },
  },
  da: {
    skip: 'Til indholdet',
    parts: 'Afsnit',
    languages: 'Sprog',
    shapes: 'Former',
    tags: {
      commands: 'Kommandoer',
      dossiers: 'Sager',
      clients: 'Kunder',
      office: 'Kontor',
      me: 'Mig',
      workspace: 'Arbejdsområde',
      imports: 'Importer',
      entrance: 'Adgang',
    },
    title: (name) => `API til ${name}`,
    version: (version) => `version ${version}`,
    where: ['Alt ligger under ', '. Denne side som dokument for programmer: ', '.'],
    english: 'Det, der står ved de enkelte forespørgsler, kommer fra dokumentet og er på engelsk.',
    open: 'Åben for den, der ikke er logget ind.',
    bySession: 'Kræver en session; intet token når den.',
    byToken: ['Kræver en session eller et token med omfanget ', '.'],
    body: 'Indhold',
    parameters: 'Parametre',
    columns: { name: 'Navn', where: 'Hvor', what: 'Hvad', meaning: 'Betydning' },
    needed: 'påkrævet',
    places: { path: 'sti', query: 'query', header: 'header', cookie: 'cookie' },
  },
  de: {
    skip: 'Zum Inhalt',
    parts: 'Abschnitte',
    languages: 'Sprache',
    shapes: 'Formen',
    tags: {
      commands: 'Befehle',
      dossiers: 'Dossiers',
      clients: 'Kunden',
      office: 'Büro',
      me: 'Ich',
      workspace: 'Arbeitsbereich',
      imports: 'Importe',
      entrance: 'Zugang',
    },
    title: (name) => `API von ${name}`,
    version: (version) => `Version ${version}`,
    where: ['Alles liegt unter ', '. Diese Seite als Dokument für Programme: ', '.'],
    english: 'Was bei den einzelnen Anfragen steht, stammt aus dem Dokument und ist englisch.',
    open: 'Offen für alle, auch ohne Anmeldung.',
    bySession: 'Verlangt eine Sitzung; kein Token reicht hierher.',
    byToken: ['Verlangt eine Sitzung oder ein Token mit dem Umfang ', '.'],
    body: 'Inhalt',
    parameters: 'Parameter',
    columns: { name: 'Name', where: 'Wo', what: 'Was', meaning: 'Bedeutung' },
    needed: 'nötig',
    places: { path: 'Pfad', query: 'Query', header: 'Header', cookie: 'Cookie' },
  },
  fr: {
    skip: 'Aller au contenu',
    parts: 'Parties',
    languages: 'Langue',
    shapes: 'Formes',
    tags: {
      commands: 'Commandes',
      dossiers: 'Dossiers',
      clients: 'Clients',
      office: 'Bureau',
      me: 'Moi',
      workspace: 'Espace de travail',
      imports: 'Imports',
      entrance: 'Accès',
    },
    title: (name) => `API de ${name}`,
    version: (version) => `version ${version}`,
    where: ['Tout se trouve sous ', '. Cette page en document pour les programmes : ', '.'],
    english: 'Ce qui accompagne chaque requête vient du document et est en anglais.',
    open: 'Ouvert à qui n’est pas connecté.',
    bySession: 'Demande une session ; aucun jeton n’y donne accès.',
    byToken: ['Demande une session, ou un jeton de portée ', '.'],
    body: 'Corps',
    parameters: 'Paramètres',
    columns: { name: 'Nom', where: 'Où', what: 'Quoi', meaning: 'Sens' },
    needed: 'requis',
    places: { path: 'chemin', query: 'query', header: 'en-tête', cookie: 'cookie' },
  },
}
