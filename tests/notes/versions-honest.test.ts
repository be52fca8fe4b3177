import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { Author } from './author.ts'
import { diceFrom, oneOf } from './dice.ts'
import { ana, bo, noteA, officeId, TestOffice, vic } from './office.ts'

const place = { officeId, note: noteA }

it('S4.15 1,000 edits by three authors with the real editor: each version says what was on the screens when it was kept', async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const dice = diceFrom(seed)
  const office = await TestOffice.start()
  try {
    const authors = await Promise.all([ana, bo, vic].map((memberId) => Author.open(office.tab(memberId), noteA)))
    const sessions = authors.map(({ session }) => session)
    const shown = new Map<number, string>()
    for (let edit = 1; edit <= 1_000; edit++) {
      oneOf(dice, authors).act(dice)
      if (edit % 8 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (edit % 50 !== 0) continue
      await Promise.all(sessions.map((session) => session.untilStatus(({ state }) => state === 'saved')))
      const isEqual = () => new Set(sessions.map(({ text }) => text)).size === 1
      await Promise.race(sessions.map((session) => session.until(isEqual)))
      const key = await office.server.versions.keep(place, { reason: 'pause' })
      if (key) shown.set(key.seq, sessions[0]?.text ?? '')
    }
    const kept = await office.server.versions.list(place)
    expect(shown.size).toBeGreaterThan(10)
    expect(kept.map(({ seq }) => seq)).toEqual([...shown.keys()])
    for (const { epoch, seq } of kept) {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, (await office.server.versions.read(place, { epoch, seq }))!)
      expect(doc.getXmlFragment(noteField).toString()).toBe(shown.get(seq))
    }
    for (const author of authors) author.close()
  } finally {
    await office.close()
  }
}, 120_000)
