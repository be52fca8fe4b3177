import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every source file with the files it imports, both as paths from the root; packages by their names. */
const imports = new Map<string, string[]>()
for (const folder of ['src', 'server']) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    const file = relative(root, join(entry.parentPath, entry.name))
    if (!entry.isFile() || !/\.(ts|svelte)$/.test(file) || /\.(test|fixture)\.ts$/.test(file) || file.startsWith('src/paraglide')) continue
    imports.set(file, importsOf(file))
  }
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?\bfrom\s+['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
  )
  return [...found].map((match) => resolved(file, match[1] ?? match[2] ?? match[3] ?? ''))
}

function resolved(file: string, name: string): string {
  if (name.startsWith('.')) return relative(root, resolve(root, dirname(file), name))
  return name
    .replace(/^#shared\//, 'src/shared/')
    .replace(/^\$lib\//, 'src/lib/')
    .replace(/^\$paraglide\//, 'src/paraglide/')
}

/** Imports from files that `from` matches of what `to` matches, as lines; there should be none. */
function offences(from: RegExp, to: (target: string, file: string) => boolean): string[] {
  return [...imports].flatMap(([file, targets]) => (from.test(file) ? targets.filter((t) => to(t, file)).map((t) => `${file} → ${t}`) : []))
}

describe('who may import whom', () => {
  it('contracts import contracts only, the schema library and the byte codec', () => {
    expect(offences(/^src\/shared\/contracts\//, (t) => !/^(src\/shared\/contracts\/|zod$|lib0\/)/.test(t))).toEqual([])
  })

  it('the domain imports contracts and itself', () => {
    expect(offences(/^src\/shared\/domain\//, (t) => !t.startsWith('src/shared/'))).toEqual([])
  })

  it('the browser never imports the server', () => {
    expect(offences(/^src\//, (t) => t.startsWith('server/'))).toEqual([])
  })

  it('the server imports of the browser’s folder only what is shared', () => {
    expect(offences(/^server\//, (t) => t.startsWith('src/') && !t.startsWith('src/shared/'))).toEqual([])
  })

  it('src/lib does not know the routes', () => {
    expect(offences(/^src\/lib\//, (t) => t.startsWith('src/routes/'))).toEqual([])
  })

  it('the leaves in components/ui know no domain and no live state', () => {
    expect(offences(/^src\/lib\/components\/ui\//, (t) => /^src\/(shared\/domain\/(?!fold\.ts)|lib\/live\/|lib\/notes\/)/.test(t))).toEqual(
      [],
    )
  })

  it('only adapters and accounts import a database driver, and only backup and restore, and what writes beside a server, an adapter', () => {
    expect(offences(/^server\/(?!store\/|auth\/)/, (t) => t === 'node:sqlite' || t === 'mongodb')).toEqual([])
    expect(offences(/^server\/(?!store\/|keep\/|setup\/beside\.ts$)/, (t) => /^server\/store\/[^/]+\//.test(t))).toEqual([])
  })

  it('the port is types only and names no adapter', () => {
    expect(offences(/^server\/store\/store\.ts$/, (t) => !t.startsWith('src/shared/contracts/'))).toEqual([])
  })

  it('commands do not know sockets, rooms do not know commands, nobody imports main', () => {
    expect(offences(/^server\/commands\//, (t) => /^socket\.io|^ws$|^server\/(gateway|http|rooms)\//.test(t))).toEqual([])
    expect(offences(/^server\/rooms\//, (t) => /^server\/(commands|gateway|http)\//.test(t))).toEqual([])
    expect(offences(/./, (t) => t === 'server/main.ts')).toEqual([])
  })

  it('only config reads the environment', () => {
    const readers = [...imports.keys()].filter((file) => readFileSync(join(root, file), 'utf8').includes('process.env'))
    // the entries hand it to config
    expect(readers.filter((f) => f.startsWith('server/')).sort()).toEqual([
      'server/backup.ts',
      'server/demo.ts',
      'server/main.ts',
      'server/office-create.ts',
      'server/reset-admin.ts',
      'server/restore.ts',
    ])
    expect(readers.filter((f) => f.startsWith('src/'))).toEqual([])
  })
})

it('there are no import cycles', () => {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (done.has(file) || path.includes(file)) return
    for (const target of imports.get(file) ?? []) if (imports.has(target)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  expect(cycles).toEqual([])
})

it('no file is longer than the ceiling; the ten longest are printed', () => {
  const lengths = [...imports.keys()].map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length] as const)
  lengths.sort((a, b) => b[1] - a[1])
  console.log(
    lengths
      .slice(0, 10)
      .map(([file, lines]) => `${String(lines).padStart(4)} ${file}`)
      .join('\n'),
  )
  expect(lengths.filter(([, lines]) => lines > 400)).toEqual([])
})
