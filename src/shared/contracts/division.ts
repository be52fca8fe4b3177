import type { Id } from './ids.ts'

export interface Division {
  id: Id
  name: string
}
