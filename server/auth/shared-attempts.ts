import { createHmac } from 'node:crypto'
import { type Collection, type Db, MongoServerError } from 'mongodb'

/** Attempts that all nodes count together. */
export interface SharedAttempts {
  /** One attempt, of so many a minute and as many at once: 0, or in how many seconds the next may be made. */
  take(key: string, perMinute: number): Promise<number>
  /** The attempt was no guess. */
  giveBack(key: string): Promise<void>
}

/** How many a key has left, as they stood when the last one was made. Nobody reads from it whose they were. */
interface AttemptDoc {
  _id: string
  left: number
  at: Date
  isTaken: boolean
  until: Date
}

const minuteMs = 60_000

/** `until`: it is as good as new then, and forgotten. */
export const attemptIndexes = { attempts: { byEnd: { key: { until: 1 }, expireAfterSeconds: 0 } } } as const

/** In the database that nodes share, by its own clock: theirs may differ. */
export function attemptsIn(db: Db, secret: string): SharedAttempts {
  const attempts: Collection<AttemptDoc> = db.collection('attempts')
  const idOf = (key: string): string => createHmac('sha256', secret).update(`attempt ${key}`).digest('base64url')

  async function takeOne(_id: string, perMinute: number): Promise<AttemptDoc | null> {
    return attempts.findOneAndUpdate({ _id }, taking(perMinute), { upsert: true, returnDocument: 'after' })
  }
  return {
    async take(key, perMinute) {
      const _id = idOf(key)
      // of two that are the first the second finds the other's
      const found = await takeOne(_id, perMinute).catch((error: unknown) => {
        if (error instanceof MongoServerError && error.code === 11_000) return takeOne(_id, perMinute)
        throw error
      })
      if (!found || found.isTaken) return 0
      return Math.ceil(((1 - found.left) * minuteMs) / perMinute / 1_000)
    },
    async giveBack(key) {
      // more than there may be is cut off by the next that is taken
      await attempts.updateOne({ _id: idOf(key) }, { $inc: { left: 1 } })
    },
  }
}

function taking(perMinute: number) {
  const passedMs = { $max: [0, { $subtract: ['$$NOW', { $ifNull: ['$at', '$$NOW'] }] }] }
  const filled = { $add: [{ $ifNull: ['$left', perMinute] }, { $multiply: [passedMs, perMinute / minuteMs] }] }
  return [
    { $set: { left: { $min: [perMinute, filled] }, at: '$$NOW', until: { $add: ['$$NOW', minuteMs] } } },
    { $set: { isTaken: { $gte: ['$left', 1] } } },
    { $set: { left: { $cond: ['$isTaken', { $subtract: ['$left', 1] }, '$left'] } } },
  ]
}
