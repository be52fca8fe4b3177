import { z } from 'zod'
import { ExportDossiers } from '#shared/contracts/export.ts'
import { can } from '#shared/domain/access.ts'
import type { Exporter } from '../../export/exporter.ts'
import type { Offices } from '../../queries/offices.ts'
import { refused } from './answers.ts'
import { type Api, serve } from './route.ts'

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
export function serveExport(api: Api, { offices, exporter, now }: ExportOptions): void {
  serve(
    api,
    {
      method: 'post',
      scope: 'read',
      path: exportPath,
      tag: 'dossiers',
      summary: 'Dossiers as a CSV or XLSX file: of what a filter finds, or these in this order.',
      description: 'For admins and managers. The columns are those of the import, and some more; the internal note is not among them.',
      body: ExportDossiers,
      answer: z.string().meta({ format: 'binary' }),
      answerTypes: Object.values(contentTypes),
      refusals: [403, 429],
    },
    async (c, { body: asked }) => {
      const actor = c.get('actor')
      if (!can(actor, 'dossier.export')) return refused(c, { code: 'forbidden', action: 'dossier.export' })
      const state = await offices.find(actor.officeId)
      if (!state) return c.json({ error: 'sign in first' }, 401)
      const file = await exporter.make({ asked, actor, frame: state.frame })
      if (!file) return refused(c, { code: 'tooOften', seconds: 60 })
      const day = dayIn(state.frame.office.timeZone, now())
      c.header('content-type', contentTypes[asked.format])
      c.header('content-disposition', `attachment; filename="dossiers-${day}.${asked.format}"`)
      return c.body(file)
    },
  )
}

/** The calendar date of an instant where the office is: `2026-11-23`. */
function dayIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at)
}
