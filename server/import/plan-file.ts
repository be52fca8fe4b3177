import type { ImportFile } from '#shared/contracts/import.ts'
import type { FileInput, FilePlan } from './file-plan.ts'
import { planClientsFile } from './plan-clients-file.ts'
import { planDossiersFile } from './plan-dossiers-file.ts'
import { planMembersFile } from './plan-members-file.ts'

const planners: Record<ImportFile, (input: FileInput) => FilePlan> = {
  members: planMembersFile,
  clients: planClientsFile,
  dossiers: planDossiersFile,
}

/** What the good rows of a file do to an office, and everything that is wrong with the others. Pure. */
export function planFile(file: ImportFile, input: FileInput): FilePlan {
  const plan = planners[file](input)
  plan.faults.sort((a, b) => a.line - b.line)
  return plan
}
