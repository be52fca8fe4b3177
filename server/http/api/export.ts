import type { Hono } from 'hono'
import { ExportDossiers } from '#shared/contracts/export.ts'
import { can } from '#shared/domain/access.ts'
import { invalid } from '../../commands/invalid.ts'
import type { Exporter } from '../../export/exporter.ts'
import type { Offices } from '../../queries/offices.ts'
import { bodyOf, type Env, refused } from './answers.ts'

export const exportPath = '/dossiers/export'

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

interface ExportOptions {
  offices: Offices
  exporter: Exporter
  now: () => number
}

/** S4.16: dossiers as a file, for admins and managers, of what they may see. */
export function serveExport(api: Hono<Env>, { offices, exporter, now }: ExportOptions): void {
  api.post(exportPath, async (c) => {
    const actor = c.get('actor')
    if (!can(actor, 'dossier.export')) return refused(c, { code: 'forbidden', action: 'dossier.export' })
    const asked = ExportDossiers.safeParse(await bodyOf(c))
    if (!asked.success) return refused(c, invalid(asked.error))
    const state = await offices.find(actor.officeId)
    if (!state) return c.json({ error: 'sign in first' }, 401)
    const file = await exporter.make({ asked: asked.data, actor, frame: state.frame })
    if (!file) return c.json({ error: 'too many exports are being made: try again in a minute' }, 429, { 'retry-after': '60' })
    const day = dayIn(state.frame.office.timeZone, now())
    c.header('content-type', contentTypes[asked.data.format])
    c.header('content-disposition', `attachment; filename="dossiers-${day}.${asked.data.format}"`)
    return c.body(file)
  })
}

/** The calendar date of an instant where the office is: `2026-11-23`. */
function dayIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at)
}
