import * as encoding from 'lib0/encoding'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ana, bo, noteA, TestOffice, vic } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

/** An awareness message with these entries. */
function awareness(entries: [clientId: number, clock: number, state: unknown][]) {
  return (encoder: encoding.Encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint8Array(
      encoder,
      encoding.encode((inner) => {
        encoding.writeVarUint(inner, entries.length)
        for (const [clientId, clock, state] of entries) {
          encoding.writeVarUint(inner, clientId)
          encoding.writeVarUint(inner, clock)
          encoding.writeVarString(inner, JSON.stringify(state))
        }
      }),
    )
  }
}

/** A caret at the beginning, or where `client` wrote its first. */
const caret = (client?: number) => {
  const position = client === undefined ? { tname: 'note' } : { item: { client, clock: 0 } }
  return { anchor: position, head: position }
}

describe('who is in the note', () => {
  it("L5 others see the caret under the name and colour that the server knows, whatever the client says, and nobody else's", async () => {
    const tab = office.tab(bo)
    const { epoch, schema, clientId } = await office.grant(bo, noteA)
    const a = await office.tab(ana).open(noteA)
    const raw = tab.raw({ note: noteA, epoch, schema, clientId })
    await raw.isOpen
    const forged = { cursor: caret(), user: { memberId: ana, name: 'The boss', colour: 5 }, extra: '<b>' }
    raw.message(
      awareness([
        [a.open.clientId, 99, null],
        [777, 1, { user: { name: 'Nobody' } }],
        [clientId, 1, forged],
      ]),
    )
    await a.until(() => a.provider.awareness.getStates().has(clientId))
    expect(a.provider.awareness.getStates().get(clientId)).toEqual({ cursor: caret(), user: { memberId: bo, name: 'Bo', colour: 1 } })
    expect([...a.provider.awareness.getStates().keys()].sort()).toEqual([a.open.clientId, clientId].sort())
    expect(a.provider.awareness.getLocalState()).not.toBeNull()
  })

  it('L5 whoever comes later sees who is there, and whoever leaves or loses the line is gone at once', async () => {
    const [tabA, tabB] = [office.tab(ana), office.tab(bo)]
    const a = await tabA.open(noteA)
    a.provider.awareness.setLocalStateField('cursor', caret(7))
    const b = await tabB.open(noteA)
    await b.until(() => b.provider.awareness.getStates().has(a.open.clientId))
    expect(b.provider.awareness.getStates().get(a.open.clientId)).toMatchObject({ user: { name: 'Ana', colour: 0 } })
    tabA.cut()
    await b.until(() => !b.provider.awareness.getStates().has(a.open.clientId))
    await b.until(() => b.provider.awareness.getStates().has(a.open.clientId))
    a.destroy()
    await b.until(() => !b.provider.awareness.getStates().has(a.open.clientId))
    expect(b.provider.awareness.getLocalState()).not.toBeNull()
  })

  it('a caret of absurd size is not shown, and a malformed one closes the channel', async () => {
    const { epoch, schema, clientId } = await office.grant(bo, noteA)
    const a = await office.tab(ana).open(noteA)
    const raw = office.tab(bo).raw({ note: noteA, epoch, schema, clientId })
    await raw.isOpen
    raw.message(awareness([[clientId, 1, { cursor: 'x'.repeat(10_000) }]]))
    raw.message((encoder) => {
      encoding.writeVarUint(encoder, 1)
      encoding.writeVarUint8Array(encoder, new Uint8Array([3, 1]))
    })
    expect(await raw.closed).toBe(4411)
    expect(a.provider.awareness.getStates().has(clientId)).toBe(false)
  })

  it('a caret that is none is left out, and one of a member who may only read is not shown at all', async () => {
    office.rights.set(vic, { read: true, write: false })
    const a = await office.tab(ana).open(noteA)
    const said = async (memberId: string, cursor: unknown) => {
      const { epoch, schema, clientId } = await office.grant(memberId, noteA)
      const raw = office.tab(memberId).raw({ note: noteA, epoch, schema, clientId })
      await raw.isOpen
      raw.message(awareness([[clientId, 1, { cursor }]]))
      return clientId
    }
    const reader = await said(vic, caret())
    const broken = await said(bo, {})
    await a.until(() => a.provider.awareness.getStates().has(broken))
    expect(a.provider.awareness.getStates().get(broken)).toEqual({ user: { memberId: bo, name: 'Bo', colour: 1 } })
    expect(a.provider.awareness.getStates().has(reader)).toBe(false)
  })

  it('carets are shown 20 times a second at most, and the last place always', async () => {
    const a = await office.tab(ana).open(noteA)
    const { epoch, schema, clientId } = await office.grant(bo, noteA)
    const raw = office.tab(bo).raw({ note: noteA, epoch, schema, clientId })
    await raw.isOpen
    let shown = 0
    a.provider.awareness.on('change', () => shown++)
    const startedAt = performance.now()
    for (let client = 1; client <= 200; client++) raw.message(awareness([[clientId, client, { cursor: caret(client) }]]))
    await a.until(() => JSON.stringify(a.provider.awareness.getStates().get(clientId) ?? null).includes('"client":200'))
    expect(shown).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 50)
  })
})
