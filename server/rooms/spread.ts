import { update } from './messages.ts'
import { coalesce } from './note-document.ts'
import type { Participant } from './participant.ts'

/** Sends updates to each channel that is in step and did not send them itself; encoded once for all who get the same. */
export function spread(participants: Iterable<Participant>, updates: readonly { from: Participant | null; bytes: Uint8Array }[]): void {
  const encode = (some: typeof updates) => coalesce(some.map(({ bytes }) => bytes)).map((bytes) => update(bytes))
  const senders = new Set(updates.map(({ from }) => from))
  let forAll: readonly Uint8Array[] | undefined
  for (const participant of participants) {
    if (!participant.inStep) continue
    const messages = senders.has(participant) ? encode(updates.filter(({ from }) => from !== participant)) : (forAll ??= encode(updates))
    for (const message of messages) participant.send(message)
  }
}
