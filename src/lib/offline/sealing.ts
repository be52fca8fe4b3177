import type { Id } from '#shared/contracts/ids.ts'

/** Encrypted bytes, with the number that was used for them once. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  bytes: Uint8Array<ArrayBuffer>
}

/** What sealed bytes belong to. They open nowhere else. */
export interface Place {
  officeId: Id
  memberId: Id
  text: string
  epoch: number
}

/** A key for AES-GCM out of 256 bits in base64, which it does not give back. */
export function importKey(secret: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(secret), (letter) => letter.charCodeAt(0))
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

export async function seal(key: CryptoKey, place: Place, plain: Uint8Array): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const bytes = await crypto.subtle.encrypt(settings(place, iv), key, plain.slice())
  return { iv, bytes: new Uint8Array(bytes) }
}

/** Throws where the bytes were damaged, belong elsewhere, or lie under another key. */
export async function unseal(key: CryptoKey, place: Place, { iv, bytes }: Sealed): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.decrypt(settings(place, iv), key, bytes))
}

function settings({ officeId, memberId, text, epoch }: Place, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(JSON.stringify([officeId, memberId, text, epoch])) }
}
