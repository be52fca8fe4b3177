import type { Context } from 'hono'
import {
  DivisionsAnswer,
  MeAnswer,
  MembersAnswer,
  OfficeAndFrameAnswer,
  OwnersAnswer,
  StagesAnswer,
} from '#shared/contracts/answers/office.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Offices } from '../../queries/offices.ts'
import type { Env } from './answers.ts'
import { type Api, serve } from './route.ts'

/** What everybody in the office may know: its settings, people, owner directory, divisions and stages; and who asks. */
export function serveOffice(api: Api, { offices }: { offices: Offices }): void {
  const stateOf = async (c: Context<Env>) => {
    const state = await offices.find(c.get('actor').officeId)
    if (!state) throw new Error('who is signed in has an office')
    return state
  }
  const get = { method: 'get', tag: 'office' } as const
  serve(
    api,
    { ...get, path: '/office', summary: 'Settings, people, divisions and stages, at a number of the log.', answer: OfficeAndFrameAnswer },
    async (c) => {
      const { number, frame } = await stateOf(c)
      return c.json({ at: number, frame })
    },
  )
  const part = async (c: Context<Env>, pick: (frame: Frame) => object) => c.json(pick((await stateOf(c)).frame))
  serve(api, { ...get, path: '/members', summary: 'The office’s people, whatever their state.', answer: MembersAnswer }, (c) =>
    part(c, ({ members }) => ({ members })),
  )
  serve(api, { ...get, path: '/owners', summary: 'The owner directory.', answer: OwnersAnswer }, (c) =>
    part(c, ({ owners }) => ({ owners })),
  )
  serve(api, { ...get, path: '/divisions', summary: 'The divisions, by name.', answer: DivisionsAnswer }, (c) =>
    part(c, ({ divisions }) => ({ divisions })),
  )
  serve(api, { ...get, path: '/stages', summary: 'The stages, in their order.', answer: StagesAnswer }, (c) =>
    part(c, ({ stages }) => ({ stages })),
  )
  serve(
    api,
    { method: 'get', tag: 'me', path: '/me', summary: 'Who is signed in, and whether they see everything.', answer: MeAnswer },
    async (c) => {
      const { memberId, seesAll } = c.get('actor')
      const member = (await stateOf(c)).frame.members.find(({ id }) => id === memberId)
      return c.json({ member, seesAll })
    },
  )
}
