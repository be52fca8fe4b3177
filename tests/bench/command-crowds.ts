import { io, type Socket } from 'socket.io-client'
import type { Id } from '#shared/contracts/ids.ts'
import { isOpen } from '#shared/domain/pipeline.ts'
import { newId } from '../../server/new-id.ts'
import { Screen, signedIn } from '../harness/member.ts'
import { type Crowd, Sightings } from './crowd.ts'

/** The next one is an amount that no dossier had before, so that each screen can tell when it has this very change. */
let amount = 1_000_000_000

/** Screens of our own server: each holds the workspace, and has seen a change when its row shows it. */
export async function ourScreens(url: string, cookies: readonly string[], size: number): Promise<Crowd> {
  const screens: Screen[] = []
  for (let i = 0; i < size; i++) screens.push(await Screen.open(signedIn(url, cookies[i % cookies.length] ?? '')))
  const openIds = [...(screens[0]?.workspace.rows.values() ?? [])].filter(({ status }) => isOpen(status)).map(({ id }) => id)
  return {
    size,
    reach: async (sender) => {
      const wanted = ++amount
      const dossierId = openIds[wanted % openIds.length] ?? ''
      const sightings = new Sightings(size - 1)
      for (const [i, screen] of screens.entries()) {
        if (i !== sender) void screen.until('the amount is there', (s) => s.row(dossierId)?.amount === wanted).then(() => sightings.seen())
      }
      const [answer, tookMs] = await Promise.all([
        screens[sender]?.send({ type: 'dossier.edit', dossierId, amount: wanted }),
        sightings.all(),
      ])
      if (!answer?.ok) throw new Error('a command was refused')
      return tookMs
    },
    close: () => screens.forEach((screen) => screen.close()),
  }
}

interface Envelope {
  id: Id
}

/** Clients of the bare Socket.io relay: the same envelope, seen when it is there. */
export async function relayClients(url: string, size: number): Promise<Crowd> {
  const sockets: Socket[] = Array.from({ length: size }, () => io(url, { transports: ['websocket'], forceNew: true }))
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', () => resolve(null)))))
  let waiting: { id: Id; sightings: Sightings } | null = null
  for (const socket of sockets) {
    socket.on('delivery', ({ id }: Envelope) => {
      if (waiting?.id === id) waiting.sightings.seen()
    })
  }
  return {
    size,
    reach: async (sender) => {
      const id = newId()
      const sightings = new Sightings(size - 1)
      waiting = { id, sightings }
      const command = { type: 'dossier.edit', dossierId: newId(), amount: 1_000_000_000 }
      const [, tookMs] = await Promise.all([sockets[sender]?.emitWithAck('command', { id, seen: 0, command }), sightings.all()])
      return tookMs
    },
    close: () => sockets.forEach((socket) => socket.disconnect()),
  }
}
