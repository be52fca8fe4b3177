import { fetchJson } from '../live/fetch-json.ts'
import { newId } from '../live/new-id.ts'
import { Copies } from './copies.ts'

/** The tab's way to what lies in this browser. */
export const copies = new Copies({ post: fetchJson, newId })
