import type { Schema } from './document.ts'

/** A schema as one would write it down: `{ id: string, amount?: number | null }`, over several lines where it has fields. */
export function schemaText(schema: Schema, indent = ''): string {
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map((choice) => schemaText(choice, indent)))].join(' | ')
  if (schema.allOf) return schema.allOf.map((part) => schemaText(part, indent)).join(' & ')
  if (schema.prefixItems) return `[${schema.prefixItems.map((item) => schemaText(item, indent)).join(', ')}]`
  if (schema.items) return listOf(schemaText(schema.items, indent))
  if (schema.properties) return fieldsText(schema, indent)
  if (typeof schema.additionalProperties === 'object') return `{ [key]: ${schemaText(schema.additionalProperties, indent)} }`
  return typeText(schema)
}

/** What a `$ref` of the document points to. */
export function nameOf(ref: string): string {
  return ref.split('/').at(-1) ?? ref
}

function fieldsText({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, field]) => {
    const says = field.description ? `  // ${field.description}` : ''
    return `${inner}${name}${required.includes(name) ? '' : '?'}: ${schemaText(field, inner)}${says}`
  })
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`
}

const listOf = (item: string): string => (/[|&\n]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`)

function typeText({ type, format }: Schema): string {
  const types = type === undefined ? ['any'] : [type].flat()
  return types.join(' | ') + (format ? ` (${format})` : '')
}
