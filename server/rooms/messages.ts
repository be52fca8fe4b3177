import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'

/** y-protocols: the first number of a message, and of a sync message the second. V1 encoding only. */
const type = { sync: 0, awareness: 1 } as const

/** What a client may say in a `data` frame. */
export type Message =
  | { kind: 'step1'; stateVector: Uint8Array }
  /** `answer`: step 2, everything the server lacked; else one update. Both are sync frames that `saved` counts. */
  | { kind: 'update'; answer: boolean; bytes: Uint8Array }
  | { kind: 'awareness'; bytes: Uint8Array }

/** The message in a payload; null where it is malformed or of a type nobody sends. */
export function readMessage(payload: Uint8Array): Message | null {
  try {
    const decoder = decoding.createDecoder(payload)
    const messageType = decoding.readVarUint(decoder)
    if (messageType === type.awareness) return { kind: 'awareness', bytes: decoding.readVarUint8Array(decoder) }
    if (messageType !== type.sync) return null
    return readSync(decoding.readVarUint(decoder), decoding.readVarUint8Array(decoder))
  } catch {
    return null
  }
}

function readSync(subType: number, bytes: Uint8Array): Message | null {
  if (subType === sync.messageYjsSyncStep1) return { kind: 'step1', stateVector: bytes }
  if (subType === sync.messageYjsSyncStep2) return { kind: 'update', answer: true, bytes }
  if (subType === sync.messageYjsUpdate) return { kind: 'update', answer: false, bytes }
  return null
}

/** Does this payload carry text (step 2 or an update)? Told by its first numbers. */
export function isUpdate([messageType, subType]: Uint8Array): boolean {
  return messageType === type.sync && (subType === sync.messageYjsSyncStep2 || subType === sync.messageYjsUpdate)
}

/** "This is what I hold", as a state vector: "tell me what I lack." */
export function step1(vector: Uint8Array): Uint8Array {
  return syncMessage(sync.messageYjsSyncStep1, vector)
}

/** Everything that a state vector lacked, as one update. */
export function step2(bytes: Uint8Array): Uint8Array {
  return syncMessage(sync.messageYjsSyncStep2, bytes)
}

/** A step 2 with nothing in it: what was lacking went ahead as updates. */
export const emptyStep2: Uint8Array = step2(new Uint8Array([0, 0]))

/** One update, as every other client applies it. */
export function update(bytes: Uint8Array): Uint8Array {
  return syncMessage(sync.messageYjsUpdate, bytes)
}

function syncMessage(subType: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type.sync)
    encoding.writeVarUint(encoder, subType)
    encoding.writeVarUint8Array(encoder, bytes)
  })
}

/** An awareness message around the bytes of an awareness update. */
export function awareness(bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type.awareness)
    encoding.writeVarUint8Array(encoder, bytes)
  })
}
