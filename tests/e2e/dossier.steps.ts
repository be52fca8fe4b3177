import type { Page } from '@playwright/test'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import type { TestOffice } from '../harness/office.ts'

export interface TestDossier {
  id: Id
  number: string
  client: string
}

/** A dossier of the adviser's in Rotterdam, made for one test: nobody else touches it. */
export async function freshDossier(office: TestOffice): Promise<TestDossier> {
  const adviser = await office.signIn('adviser')
  const id = newId()
  const lastName = `Van ${id}`
  const client = { id: newId(), new: { firstName: 'Nora', lastName } }
  const { status } = await adviser.command({
    type: 'dossier.create',
    dossierId: id,
    client,
    kind: 'mortgage',
    title: 'First home',
    amount: 25_000_000,
  })
  if (status !== 200) throw new Error(`a dossier could not be made: ${status}`)
  const { dossier } = await adviser.page(id)
  return { id, number: dossier.number, client: dossier.clientName }
}

/** Opens the list on the prospects that match. */
export async function openList(page: Page, office: TestOffice, search: string, tab = 'prospect'): Promise<void> {
  await page.goto(`${office.server.url}/dossiers?tab=${tab}#q=${encodeURIComponent(search)}`)
  await page.locator('[data-ready]').waitFor()
}

/** Opens the board narrowed to what matches. */
export async function openBoard(page: Page, office: TestOffice, search = ''): Promise<void> {
  await page.goto(`${office.server.url}/board${search ? `#q=${encodeURIComponent(search)}` : ''}`)
  await page.locator('[data-board-ready]').waitFor()
}

export async function openDossier(page: Page, office: TestOffice, id: Id): Promise<void> {
  await page.goto(`${office.server.url}/dossiers/${id}`)
  await page.locator('.tiptap[contenteditable=true]').waitFor()
}

/** The editor of the open dossier's note. */
export const note = (page: Page) => page.getByRole('textbox', { name: 'Internal note' })
