import type { ImportJob } from '#shared/contracts/import-job.ts'
import type { Mapping } from './import-api.ts'

/** The field that a column fills; null: it is not imported. */
export function fieldOf(mapping: Mapping, column: number): string | null {
  return Object.keys(mapping).find((field) => mapping[field] === column) ?? null
}

/** The mapping with this column filling this field (null: none). A field has one column and a column one field: others let go of theirs. */
export function assign(mapping: Mapping, column: number, field: string | null): Mapping {
  const others = Object.entries(mapping).filter(([name, index]) => name !== field && index !== column)
  return Object.fromEntries(field === null ? others : [...others, [field, column]])
}

/** Fields that no column fills: those that must be, and those that may be left out. In the order of the fields. */
export function unfilled(fields: ImportJob['fields'], mapping: Mapping): { required: string[]; optional: string[] } {
  const free = fields.filter(({ name }) => mapping[name] === undefined)
  return {
    required: free.filter(({ required }) => required).map(({ name }) => name),
    optional: free.filter(({ required }) => !required).map(({ name }) => name),
  }
}
