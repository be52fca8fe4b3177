import type { ChangeSettings } from '#shared/contracts/office.ts'
import { type SignedIn, signedIn } from '../../harness/member.ts'
import type { Bench } from '../bench.ts'
import { ReturningMember } from '../returning-member.ts'
import type { ServerProcess } from '../server-process.ts'

const screens = 50
/** The first of the large office's members are its admins, who see everything whatever is set. */
const admins = 4
const withinMs = 60_000
type Settings = Omit<ChangeSettings, 'type'>

/**
 * Settings of an office of 50,000 dossiers that an admin switches while 50 members have it open: until the last screen has dropped what
 * its member may no longer see, and until the last has what its member gained, the pause by chance before it fetches included.
 */
export async function flips(bench: Bench): Promise<void> {
  const office = await bench.offices.large()
  const server = await bench.server('office', [office.dataDir])
  const admin = signedIn(server.url, office.cookies[0] ?? '')
  const members = office.cookies.slice(admins, admins + screens).map((cookie) => new ReturningMember(server.url, cookie))
  for (const member of members) await member.open()
  const everything = members[0]?.holds ?? 0
  for (let round = 0; bench.hasTimeFor(round); round++) {
    await server.measure()
    const lost = await flip(admin, members, { seesWhat: 'own' })
    await note(bench, server, 'everyone → own', [
      ['lost: last of 50 screens (ms)', lost.droppedMs],
      ['each their own: last of 50 screens has fetched (ms)', lost.fetchedMs],
    ])
    if (members.some(({ holds }) => holds >= everything)) throw new Error('somebody still sees everything')
    const gained = await flip(admin, members, { seesWhat: 'everyone' })
    await note(bench, server, 'own → everyone', [['gained: last of 50 screens (ms)', gained.fetchedMs]])
    if (members.some(({ holds }) => holds !== everything)) throw new Error('somebody does not see everything again')
    for (const divisionsOn of [false, true]) {
      const what = divisionsOn ? 'off → on' : 'on → off'
      await note(bench, server, `divisions ${what}`, [
        [`divisions ${what}: last of 50 screens (ms)`, await told(admin, members, { divisionsOn })],
      ])
    }
  }
  for (const member of members) member.close()
  await server.stop()
}

async function note({ figures }: Bench, server: ServerProcess, what: string, took: [name: string, ms: number][]): Promise<void> {
  for (const [name, ms] of took) figures.ours(name, ms)
  const { longestPauseMs, cpuMs } = await server.measured()
  figures.ours(`${what}: longest pause of the server (ms)`, longestPauseMs)
  figures.ours(`${what}: server's CPU (ms)`, cpuMs)
  await server.measure()
}

/** Changes the reach of all these members; milliseconds until the last of them has dropped, and has fetched. */
async function flip(admin: SignedIn, members: readonly ReturningMember[], settings: Settings) {
  const before = members.map(({ drops, refetches }) => ({ drops, refetches }))
  const startedAt = performance.now()
  const since = () => performance.now() - startedAt
  const dropped = each(members, 'has dropped what it lost', (member, i) => member.drops > (before[i]?.drops ?? 0)).then(since)
  const fetched = each(members, 'has what it gained', (member, i) => member.refetches > (before[i]?.refetches ?? 0)).then(since)
  const [droppedMs, fetchedMs] = await Promise.all([dropped, fetched, change(admin, settings)])
  return { droppedMs, fetchedMs }
}

/** Changes something of the frame; milliseconds until the last member is told. */
async function told(admin: SignedIn, members: readonly ReturningMember[], settings: Settings): Promise<number> {
  const before = Math.max(...members.map(({ at }) => at))
  const startedAt = performance.now()
  const last = each(members, 'is told', ({ at }) => at > before).then(() => performance.now() - startedAt)
  const [tookMs] = await Promise.all([last, change(admin, settings)])
  return tookMs
}

async function change(admin: SignedIn, settings: Settings): Promise<void> {
  const { status, body } = await admin.command({ type: 'office.changeSettings', ...settings })
  if (status !== 200) throw new Error(`the settings could not be changed: ${status} ${JSON.stringify(body)}`)
}

/** Resolves when this has been true of each of them. */
async function each(
  members: readonly ReturningMember[],
  what: string,
  isTrue: (member: ReturningMember, i: number) => boolean,
): Promise<void> {
  const left = new Set(members.keys())
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`waited in vain until each screen ${what}: ${left.size} of them`)), withinMs)
    members.forEach((member, i) =>
      member.changed.add(function look() {
        if (!isTrue(member, i)) return
        member.changed.delete(look)
        left.delete(i)
        if (left.size > 0) return
        clearTimeout(timer)
        resolve()
      }),
    )
  })
}
