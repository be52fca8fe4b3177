import { beforeAll, describe, expect, it } from 'vitest'
import { ClientFields } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import { Cents, Id, Instant } from '#shared/contracts/ids.ts'
import { languages } from '#shared/contracts/language.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'
import { refuseTransfer } from '#shared/domain/ownership.ts'
import { isOpen, stageName } from '#shared/domain/pipeline.ts'
import { type ImportPlan, type ImportResult, planImport } from '../import/plan.ts'
import { countingIds, named, officeId } from '../import/small-office.fixture.ts'
import { defaultStages, sampleFile, sampleFrame, samplePlan } from './office.ts'

const n = 2
let plan: ImportPlan

beforeAll(async () => {
  const newId = countingIds()
  plan = planOf(await samplePlan({ frame: sampleFrame(officeId, newId), n, newId }))
})

function planOf(result: ImportResult): ImportPlan {
  if (!result.ok) throw new Error(result.faults.map(named).join('\n'))
  return result
}

function tally<T>(things: readonly T[], of: (thing: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const thing of things) counts[of(thing)] = (counts[of(thing)] ?? 0) + 1
  return counts
}

describe('the sample office', () => {
  it('has 24 members in six divisions', () => {
    expect(tally(plan.members, (m) => m.role)).toEqual({ admin: 1, manager: 3, adviser: 14, clerk: 5, viewer: 1 })
    expect(plan.divisions.map((d) => d.name).toSorted()).toEqual(
      ['Amsterdam', 'Köln', 'København', 'Lyon', 'Rotterdam', 'Wealth'].toSorted(),
    )
    expect(plan.owners).toHaveLength(18)
  })

  it('gives those who work together colours that differ as long as there are colours', () => {
    for (const { id, name } of plan.divisions) {
      const colours = plan.members.filter((m) => m.divisionIds.includes(id)).map((m) => m.colour)
      const most = Math.max(...Object.values(tally(colours, String)))
      expect(most, name).toBe(Math.ceil(colours.length / 6))
    }
  })

  it('has 2,000 clients, 87 without an owner, 207 with advice for both', () => {
    expect(plan.clients).toHaveLength(2000)
    expect(plan.clients.filter((c) => c.ownerId === null)).toHaveLength(87)
    expect(plan.clients.filter((c) => c.adviceFor === 'both')).toHaveLength(207)
  })

  it('has 2,778 dossiers in four states', () => {
    expect(plan.dossiers).toHaveLength(2778)
    expect(tally(plan.dossiers, (d) => d.status)).toEqual({ prospect: 566, client: 1542, abandoned: 309, closed: 361 })
    expect(plan.counts).toEqual({ members: 24, owners: 18, divisions: 6, clients: 2000, dossiers: 2778, notes: 835 })
  })

  it('has the open dossiers on the board stage by stage', () => {
    const nameOf = (d: Dossier) => plan.frame.stages.flatMap((s) => (s.id === d.stageId ? [stageName(s, 'en', 'en')] : []))[0] ?? ''
    const open = plan.dossiers.filter((d) => isOpen(d.status))
    expect(tally(open, nameOf)).toEqual({
      'Client created': 853,
      'Documents received': 308,
      'Bank appointment': 321,
      'Offer received': 330,
      'Offer signed': 296,
    })
  })

  it('has its dossiers by division, and most of them with Aimée Corsten', () => {
    const names = new Map(plan.divisions.map((d) => [d.id, d.name]))
    expect(tally(plan.dossiers, (d) => names.get(d.divisionId ?? '') ?? '')).toEqual({
      Amsterdam: 338,
      Köln: 500,
      København: 431,
      Lyon: 510,
      Rotterdam: 524,
      Wealth: 475,
    })
    const byOwner = tally(plan.dossiers, (d) => d.ownerId ?? '')
    const [ownerId, most] = Object.entries(byOwner).toSorted(([, a], [, b]) => b - a)[0] ?? []
    const owner = plan.owners.find((o) => o.id === ownerId)
    expect(most).toBe(204)
    expect(plan.members.find((m) => m.id === owner?.memberId)?.email).toBe('aimee.corsten@office.example')
  })

  it('S0.3 every owner is in the division of what they own', () => {
    for (const { ownerId, divisionId } of [...plan.clients, ...plan.dossiers]) {
      expect(refuseTransfer(plan.frame, { from: { ownerId: null, divisionId: null }, to: { ownerId, divisionId } })).toBeNull()
    }
  })

  it('consists of records as the contracts have them, each with an id of its own', () => {
    for (const { id: _, at, ...fields } of plan.clients) {
      expect(at).toBe(n)
      expect(ClientFields.parse(fields)).toEqual(fields)
    }
    const clients = new Map(plan.clients.map((c) => [c.id, c]))
    for (const dossier of plan.dossiers) {
      const client = clients.get(dossier.clientId)
      expect([dossier.clientName, dossier.partnerName]).toEqual(client && [personName(client), partnerNameOf(client)])
      expect(Cents.safeParse(dossier.amount).success && Instant.safeParse(dossier.stageSince).success).toBe(true)
    }
    const ids = plan.puts.map((put) => put.record.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !Id.safeParse(id).success)).toEqual([])
    expect(plan.event).toEqual({ type: 'dossier.imported', clients: 2000, dossierIds: plan.dossiers.map((d) => d.id) })
  })

  it('goes on numbering after the highest number of each year', () => {
    const counters = plan.puts.flatMap((put) => (put.kind === 'counter' ? [put.record] : []))
    for (const { id, next } of counters) {
      const numbers = plan.dossiers.map((d) => d.number).filter((number) => number.startsWith(id.slice(-4)))
      expect(numbers.toSorted().at(-1)).toBe(`${id.slice(-4)}-${String(next - 1).padStart(5, '0')}`)
    }
    expect(counters.map((c) => c.id).toSorted()).toEqual([2023, 2024, 2025, 2026].map((year) => `dossierNumber-${year}`))
  })
})

describe('a file with eight faults', () => {
  const faults = [
    'dossiers 3 created_on notADate',
    'dossiers 5 client_ref unknownClient',
    'dossiers 7 number double',
    'dossiers 9 stage unknownStage',
    'dossiers 11 owner_email unknownOwner',
    'dossiers 13 amount notAnAmount',
    'dossiers 15 abandon_reason reasonMissing',
    'dossiers 19 number missing',
  ]
  const known = () => ({ clients: plan.clients, dossierNumbers: plan.dossiers.map((d) => d.number), counters: [] })

  it('is refused with exactly these, when clients and members are in the office', async () => {
    const dossiers = await sampleFile('dossiers-faulty')
    const result = planImport({ frame: plan.frame, known: known(), dossiers, n, newId: countingIds() })
    expect(result.ok ? [] : result.faults.map(named)).toEqual(faults)
    expect(result.ok ? [] : result.faults.map((fault) => fault.value)).toEqual([
      '2025-02-30',
      'K99999',
      'B-001',
      'Moon landing',
      'nobody@office.example',
      '12.000,50 EUR',
      '',
      '',
    ])
  })

  it('is refused with exactly these, when clients and members come along', async () => {
    const [members, clients, dossiers] = await Promise.all((['members', 'clients', 'dossiers-faulty'] as const).map(sampleFile))
    const newId = countingIds()
    const result = planImport({ frame: sampleFrame(officeId, newId), members, clients, dossiers, n, newId })
    expect(result.ok ? [] : result.faults.map(named)).toEqual(faults)
  })

  it('is good without those lines, and its hostile note is text', async () => {
    const lines = (await sampleFile('dossiers-faulty')).split('\n')
    const dossiers = lines.filter((_, i) => ![3, 5, 7, 9, 11, 13, 15, 19].includes(i + 1)).join('\n')
    const good = planOf(planImport({ frame: plan.frame, known: known(), dossiers, n, newId: countingIds() }))
    expect(good.dossiers).toHaveLength(12)
    const hostile = good.dossiers.find((d) => d.number === 'B-016')
    expect(good.notes.find((note) => note.dossierId === hostile?.id)?.text).toBe('<img src=x onerror=alert(1)> =HYPERLINK("http://x")')
  })
})

it('is refused, not half loaded, where the office has one of its addresses', async () => {
  const newId = countingIds()
  const founder = plan.members.slice(0, 1).map((member) => ({ ...member, id: 'founder-0000000001', divisionIds: [] }))
  const frame = { ...sampleFrame(officeId, newId), members: founder }
  const result = await samplePlan({ frame, n, newId })
  expect(result.ok ? [] : result.faults.map(named)).toEqual(['members 2 email double'])
})

describe('the stages an office begins with', () => {
  it('S4.9 are six, named in every language, and the last is the closing one', () => {
    const stages = defaultStages(countingIds())
    expect(stages.map((s) => s.closing)).toEqual([false, false, false, false, false, true])
    for (const stage of stages) expect(Object.keys(stage.names).toSorted()).toEqual([...languages].toSorted())
    const names = stages.flatMap((s) => [...new Set(Object.values(s.names))])
    expect(new Set(names).size).toBe(names.length)
  })

  it('expect a number of days everywhere but at the end', () => {
    expect(defaultStages(countingIds()).map((s) => s.usualDays)).toEqual([14, 21, 14, 10, 7, null])
  })
})
