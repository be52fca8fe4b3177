/** A writer's place in a note of one server, and how that server is spoken to; as data, for it goes to another process. */
export interface Place {
  port: number
  path: string
  headers: Record<string, string>
  /** The note, for whoever counts what its writers see of each other. */
  note: string
  clientId: number
  /** What is said first and has an answer, before anything else may be said: the channel, or who one is. */
  ask: Uint8Array | null
  /** What stands before each message of y-protocols, both ways. */
  prefix: Uint8Array
  /** Does the server hold the note, so that one syncs with it? A relay does not. */
  syncs: boolean
}

/** How the writers of a crowd type. */
export interface Typing {
  /** Letters a second, of all of them together. */
  perSecond: number
  /** How long they type before it counts, in milliseconds. */
  warmMs: number
  measuredMs: number
  /** The server's process: its CPU is read at the beginning and the end of what counts. */
  serverPid: number
}

export interface Typed {
  /** Letters a second that were sent. */
  perSecond: number
  /** Letters that came to a colleague's line, within the measured time. */
  delivered: number
  /** Letters that some colleague was still waiting for, seconds after the last was sent. */
  missing: number
  /** From a letter's sending to a colleague's line. */
  p50Ms: number
  p99Ms: number
  /** CPU of all threads of the server within the measured time. */
  serverCpuMs: number
  /** How much of one core these writers took. */
  clientLoad: number
}
