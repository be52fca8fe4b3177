import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'

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

/** "This is what I hold: tell me what I lack." */
export function step1(doc: Y.Doc): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type.sync)
    sync.writeSyncStep1(encoder, doc)
  })
}

/** Everything in `doc` that this state vector lacks. Throws where the vector is malformed. */
export function step2(doc: Y.Doc, stateVector: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type.sync)
    sync.writeSyncStep2(encoder, doc, stateVector)
  })
}

/** One update, as every other client applies it. */
export function update(bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type.sync)
    sync.writeUpdate(encoder, bytes)
  })
}

/** An awareness message around the bytes of an awareness update. */
export function awareness(bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type.awareness)
    encoding.writeVarUint8Array(encoder, bytes)
  })
}
