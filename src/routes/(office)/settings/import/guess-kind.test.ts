import { expect, it } from 'vitest'
import { guessKind, headOf } from './guess-kind.ts'

it('tells members, clients and dossiers by the headings of the sample files', () => {
  expect(guessKind('email,name,role,divisions,language\na@b.example,A,admin,X,nl')).toBe('members')
  expect(guessKind('client_ref,first_name,last_name,birth_date,email,phone,children,owner_email,division')).toBe('clients')
  expect(guessKind('number,client_ref,title,subject,owner_email,division,status,stage,created_on,amount,note')).toBe('dossiers')
})

it('tells them in other languages, with a byte order mark, semicolons and accents', () => {
  expect(guessKind('\uFEFFKlantnummer;Voornaam;Achternaam;Geboortedatum;E-mail;Eigenaar;Divisie\r\n')).toBe('clients')
  expect(guessKind('E-Mail;Name;Rolle;Abteilungen;Sprache')).toBe('members')
  expect(guessKind('Numéro\tRéférence\tTitre\tÉtape\tMontant')).toBe('dossiers')
  expect(guessKind('Sagsnummer;Klient;Trin;Beløb')).toBe('dossiers')
})

it('does not guess where nothing tells, or two things are told alike', () => {
  expect(guessKind('a,b,c')).toBeNull()
  expect(guessKind('')).toBeNull()
  expect(guessKind('role,amount')).toBeNull()
})

it('reads how a file begins, in UTF-16 too', async () => {
  expect(await headOf(new Blob(['role']))).toBe('role')
  expect(await headOf(new Blob([new Uint8Array([0xff, 0xfe, 0x72, 0, 0x6f, 0, 0x6c, 0])]))).toBe('rol')
})
