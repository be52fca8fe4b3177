import { workerData } from 'node:worker_threads'
import { copyDatabase } from '../store/sqlite/keep.ts'

// copying blocks its thread: in one of its own, the process can say meanwhile how far it is
const { from, to } = workerData as { from: string; to: string }
copyDatabase(from, to)
