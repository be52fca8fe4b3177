import { expect, it } from 'vitest'
import { fileNameOf } from './save-file.ts'

it('reads the plain name, quoted or not', () => {
  expect(fileNameOf('attachment; filename="dossiers 2026.csv"', 'x')).toBe('dossiers 2026.csv')
  expect(fileNameOf('attachment; filename=dossiers.xlsx; size=3', 'x')).toBe('dossiers.xlsx')
})

it('prefers the encoded name, and falls back from one that is broken', () => {
  expect(fileNameOf(`attachment; filename="d.csv"; filename*=UTF-8''Amstel%20%26%20Rh%C3%B4ne.csv`, 'x')).toBe('Amstel & Rhône.csv')
  expect(fileNameOf(`attachment; filename="d.csv"; filename*=UTF-8''%E0%A4%A`, 'x')).toBe('d.csv')
})

it('takes no folder from it, and the given name where there is none', () => {
  expect(fileNameOf('attachment; filename="../../etc/passwd"', 'x')).toBe('passwd')
  expect(fileNameOf('attachment', 'dossiers.csv')).toBe('dossiers.csv')
  expect(fileNameOf(null, 'dossiers.csv')).toBe('dossiers.csv')
})
