import { randomBytes, scrypt } from 'node:crypto'
import type { Passwords } from '../../server/auth/accounts.ts'

/**
 * Scrypt as in the product, at a hundredth of its cost: a whole run hashes some thousand times, and 0.3 s of a core each is no part of what
 * is tested. Servers that are started as people do, by their entries, hash at full cost in tests as well.
 */
export const cheapPasswords: Passwords = {
  async hash(password) {
    const salt = randomBytes(16).toString('hex')
    return `${salt}:${await keyOf(password, salt)}`
  },
  async verify({ hash, password }) {
    const [salt = '', key] = hash.split(':')
    return (await keyOf(password, salt)) === key
  },
}

function keyOf(password: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, 64, { N: 256, r: 8, p: 1 }, (error, key) => (error ? reject(error) : resolve(key.toString('hex')))),
  )
}
