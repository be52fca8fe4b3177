import { expect, it } from 'vitest'
import type { StoredAnswer } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { aClient, aCommit, aDossier, anAnswer, anEdit, anEvent, anOfficeIn, aSetting, day, freshId, someone } from '../samples.ts'

/** The log: order, catching up, what a command did, what happened to a dossier, and the first answer to each command. */
export function logContract(make: Make): void {
  it('events come back as they were written, after a number, ascending, up to the limit', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const events = [
      anEvent(2, { type: 'client.created', client: aClient({ lastName: 'Æbeltoft 🏡' }) }),
      anEvent(3, { type: 'dossier.created', dossier: aDossier() }),
      anEdit(4, [freshId(), freshId()]),
      anEvent(5, { type: 'member.changed', memberId: freshId(), fields: { role: ['clerk', 'adviser'] } }),
    ]
    await store.commit(aCommit(officeId, 1, { events }))
    expect(await store.events(officeId, 1, 100)).toStrictEqual(events)
    expect(await store.events(officeId, 2, 2)).toStrictEqual(events.slice(1, 3))
    expect(await store.events(officeId, 5, 100)).toEqual([])
  })

  it('the events of a command are those of that member and that command, ascending', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const commandId = freshId()
    const events = [
      aSetting(2, { commandId }),
      aSetting(3),
      aSetting(4, { commandId }),
      aSetting(5, { commandId, by: freshId() }),
      aSetting(6, { commandId }),
    ]
    await store.commit(aCommit(officeId, 1, { events }))
    expect((await store.eventsOf(officeId, someone, commandId)).map((event) => event.n)).toEqual([2, 4, 6])
    expect(await store.eventsOf(officeId, someone, freshId())).toEqual([])
  })

  it('the history of a dossier has its creation or import and every change of it, newest first, and nothing else', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const [dossier, other, imported] = [aDossier(), aDossier(), aDossier()]
    const access = { divisionId: null, ownerId: null, readerIds: [] }
    const subjects = [{ dossierId: dossier.id, fields: {}, access: { before: access, after: access } }]
    const events = [
      anEvent(2, { type: 'dossier.created', dossier }),
      anEvent(3, { type: 'dossier.created', dossier: other }),
      anEvent(4, { type: 'dossier.imported', clients: 1, dossierIds: [imported.id, freshId()] }),
      anEdit(5, [other.id, dossier.id, imported.id]),
      anEvent(6, { type: 'dossier.abandoned', subjects }),
      anEdit(7, [other.id]),
      aSetting(8),
      anEvent(9, { type: 'dossier.changeUndone', undoes: 6, subjects }),
    ]
    await store.commit(aCommit(officeId, 1, { events }))
    const historyOf = async (id: string, limit = 100, before?: number) =>
      (await store.history(officeId, id, limit, before)).map((event) => event.n)
    expect(await store.history(officeId, dossier.id, 1)).toStrictEqual([events[7]])
    expect(await historyOf(dossier.id)).toEqual([9, 6, 5, 2])
    expect(await historyOf(other.id)).toEqual([7, 5, 3])
    expect(await historyOf(imported.id)).toEqual([5, 4])
    expect(await historyOf(dossier.id, 2)).toEqual([9, 6])
    expect(await historyOf(dossier.id, 2, 6)).toEqual([5, 2])
    expect(await historyOf(dossier.id, 100, 2)).toEqual([])
    expect(await historyOf(freshId())).toEqual([])
  })

  it('an answer is stored with its events, for its member and command alone', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const refusal = { code: 'changedMeanwhile', field: 'title', memberId: someone, memberName: 'Bo 🐘', at: day } as const
    const answers = [anAnswer(), anAnswer({ answer: { ok: false, refusal } }), anAnswer({ answer: { ok: true, n: null } })]
    await store.commit(aCommit(officeId, 1, { events: [aSetting(2)], answers }))
    for (const answer of answers) {
      expect(await store.answer(officeId, someone, answer.commandId)).toStrictEqual(answer)
      expect(await store.answer(officeId, freshId(), answer.commandId)).toBeNull()
    }
    expect(await store.answer(officeId, someone, freshId())).toBeNull()
    const asked = answers.map(({ memberId, commandId }) => ({ memberId, commandId }))
    const strangers = asked.map(({ commandId }) => ({ memberId: freshId(), commandId }))
    const found = await store.answers(officeId, [...asked, ...strangers, { memberId: someone, commandId: freshId() }])
    const byId = (all: StoredAnswer[]) => all.toSorted((a, b) => (a.commandId < b.commandId ? -1 : 1))
    expect(byId(found)).toStrictEqual(byId(answers))
    expect(await store.answers(officeId, [])).toEqual([])
    expect(await store.answers(freshId(), asked)).toEqual([])
  })

  it('two members may use the same command id', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const mine = anAnswer()
    const theirs = { ...mine, memberId: freshId(), hash: 'theirs' }
    expect(await store.commit(aCommit(officeId, 1, { answers: [mine] }))).toEqual({ kind: 'done' })
    expect(await store.commit(aCommit(officeId, 1, { answers: [theirs] }))).toEqual({ kind: 'done' })
    expect(await store.answer(officeId, theirs.memberId, mine.commandId)).toEqual(theirs)
  })

  it('forgets the answers older than a time, of all offices, and no others', async () => {
    const { store } = await make()
    const [first, second] = [await anOfficeIn(store), await anOfficeIn(store)]
    const old = Array.from({ length: 1_500 }, (_, i) => anAnswer({ at: day - 1 - i }))
    const kept = anAnswer({ at: day })
    const alsoOld = anAnswer({ at: day - 1 })
    await store.commit(aCommit(first, 1, { answers: [...old, kept] }))
    await store.commit(aCommit(second, 1, { answers: [alsoOld, { ...kept, hash: 'second' }] }))
    expect(await store.forgetAnswers(day)).toBe(1_501)
    expect(await store.forgetAnswers(day)).toBe(0)
    expect(await store.answer(first, someone, old[700]?.commandId ?? '')).toBeNull()
    expect(await store.answer(second, someone, alsoOld.commandId)).toBeNull()
    expect(await store.answer(first, someone, kept.commandId)).toEqual(kept)
    expect((await store.answer(second, someone, kept.commandId))?.hash).toBe('second')
  })
}
