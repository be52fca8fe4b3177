import type { ImportFile } from './import.ts'

/** The closed list of what can be wrong with a file. Each is shown to the person in their language. */
export type FaultReason =
  /* the file as a whole, or a line of it */
  | 'notCsv'
  | 'notText'
  | 'tooManyColumns'
  | 'tooManyRows'
  | 'noHeadings'
  | 'missingColumn'
  | 'doubleColumn'
  | 'wrongCellCount'
  /* one cell by itself */
  | 'missing'
  | 'tooLong'
  | 'tooMany'
  | 'controlCharacter'
  | 'notADate'
  | 'notAnAmount'
  | 'notAnEmail'
  | 'notAllowed'
  | 'malformed'
  /* a cell against other cells, other lines, other files or the office */
  | 'double'
  | 'unknownClient'
  | 'unknownOwner'
  | 'notInDirectory'
  | 'unknownDivision'
  | 'unknownStage'
  | 'ownerNotInDivision'
  | 'reasonMissing'
  | 'reasonWithoutAbandon'
  | 'statusAndStage'
  | 'noPartner'
  | 'otherClient'
  | 'lastAdmin'
  | 'abandoned'
  /* something went wrong here, not in the file */
  | 'failed'

/** What is wrong, and where. `value` is what the file says there: personal, so never to be logged. */
export interface Fault {
  file: ImportFile
  /** As an editor counts it, from 1 (the headings). */
  line: number
  /** The column's heading; null: the line, or the file. */
  column: string | null
  reason: FaultReason
  value: string
}
